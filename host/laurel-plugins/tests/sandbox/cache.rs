//! Compiled code on disk, and the compiling child.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use laurel_plugins::{Cache, Compiler, Runtime, Settings};

use crate::support::{criteria, events, runtime_with};

/// A compiler that fails: what runs all the same comes from the cache.
fn cached_only(directory: &Path, key: [u8; 32]) -> Runtime {
    let compiler = Compiler::Child { program: "/bin/false".into(), arguments: Vec::new(), environment: Vec::new() };
    runtime_with(Settings {
        compiler,
        cache: Some(Cache { directory: directory.to_owned(), key }),
        ..Settings::default()
    })
}

fn only_file(directory: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[tokio::test]
async fn code_is_compiled_once_and_loaded_only_if_made_here() {
    let directory = tempfile::tempdir().unwrap();
    let (path, key) = (directory.path().join("code"), [7; 32]);
    let component = criteria("", "").component();
    let settings = Settings { cache: Some(Cache { directory: path.clone(), key }), ..Settings::default() };
    runtime_with(settings).load(&component).await.unwrap();

    let file = only_file(&path);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
    let plugin = cached_only(&path, key).load(&component).await.unwrap();
    assert_eq!(plugin.evaluate("{}", None, &events(1)).answer.unwrap().consumed, 1);

    assert!(cached_only(&path, [8; 32]).load(&component).await.is_err(), "another installation's key");
    let good = fs::read(&file).unwrap();
    for position in [0, 40, good.len() - 1] {
        let mut bad = good.clone();
        bad[position] ^= 1;
        fs::write(&file, bad).unwrap();
        assert!(cached_only(&path, key).load(&component).await.is_err(), "bit flipped at {position}");
    }
    fs::write(&file, &good[..good.len() / 2]).unwrap();
    assert!(cached_only(&path, key).load(&component).await.is_err(), "cut off");
    // Another component's code under this one's name.
    let other = criteria("(func nop)", "").component();
    fs::write(&file, &good).unwrap();
    let digest = laurel_plugins::inspect(&other).unwrap().digest;
    let name = file.file_name().unwrap().to_str().unwrap();
    fs::rename(&file, path.join(format!("{digest}{}", &name[64..]))).unwrap();
    assert!(cached_only(&path, key).load(&other).await.is_err(), "exchanged");
}

#[tokio::test]
async fn a_child_that_fails_says_why() {
    for (script, says) in [
        ("cat > /dev/null; echo 'no such feature' >&2; exit 1", "no such feature"),
        ("exit 0", "takes more than"),
        ("kill -XCPU $$", "takes more than"),
        ("cat > /dev/null; echo nonsense", "does not compile"),
    ] {
        let compiler = Compiler::Child {
            program: "/bin/sh".into(),
            arguments: vec!["-c".into(), script.into()],
            environment: Vec::new(),
        };
        let runtime = runtime_with(Settings { compiler, ..Settings::default() });
        let error = runtime.load(&criteria("", "").component()).await.unwrap_err().to_string();
        assert!(error.contains(says), "{script}: {error}");
    }
}
