//! From WebAssembly to machine code.
//!
//! A component can be made so that compiling it takes much time and memory. So it is compiled in a child process that limits
//! itself before it reads a byte; the parent reads machine code from its standard output. What the child runs is our own program
//! ([`compile_in_child`] behind a hidden subcommand), so its output is as trustworthy as a compilation in this process.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use laurel_core::plugins::LoadError;
use rlimit::Resource;

use super::native::Native;
use crate::engine::{self, Size};
use crate::limits::{COMPILE_CPU, COMPILE_MEMORY, MAX_COMPONENT, MAX_NATIVE};

/// Where components are compiled.
#[derive(Debug, Clone, Default)]
pub enum Compiler {
    /// In this process: for tests and for tools that compile what their user wrote.
    #[default]
    InProcess,
    /// By `program arguments… small|large`, which must call [`compile_in_child`].
    Child {
        /// The program, usually this one.
        program: PathBuf,
        /// What leads to the subcommand.
        arguments: Vec<OsString>,
        /// All of the child's environment.
        environment: Vec<(&'static str, &'static str)>,
    },
}

impl Compiler {
    pub(super) fn compile(&self, size: Size, component: &[u8]) -> Result<Native, LoadError> {
        let code = match self {
            Self::InProcess => precompile(size, component),
            Self::Child { program, arguments, environment } => {
                let child = Command::new(program)
                    .args(arguments)
                    .arg(size.as_str())
                    .env_clear()
                    .envs(environment.iter().copied())
                    .stdin(Stdio::piped())
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn();
                child
                    .map_err(|error| format!("the compiler does not start: {error}"))
                    .and_then(|child| converse(child, component))
            }
        };
        code.map(Native::compiled).map_err(LoadError::Compile)
    }
}

/// Sends the component, takes the code or the complaint. Both directions at once, or both sides would wait for ever.
fn converse(mut child: Child, component: &[u8]) -> Result<Vec<u8>, String> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (code, complaint) = thread::scope(|scope| {
        scope.spawn(move || {
            // A child that has had enough closes its end; why, it says on standard error.
            stdin.map(|mut stdin| stdin.write_all(component))
        });
        let complaint = scope.spawn(move || read_up_to(stderr, 4 << 10));
        (read_up_to(stdout, MAX_NATIVE), complaint.join().unwrap_or_default())
    });
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() && !code.is_empty() {
        return Ok(code);
    }
    let complaint = crate::capability::log::harmless(String::from_utf8_lossy(&complaint).trim(), 1_000);
    if status.success() || complaint.is_empty() {
        return Err(format!("it takes more than {} s or {} MiB", COMPILE_CPU, COMPILE_MEMORY >> 20));
    }
    Err(complaint)
}

fn read_up_to(pipe: Option<impl Read>, limit: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What cannot be read is not there; the child's status decides.
    let _ = pipe.map(|pipe| pipe.take(limit as u64).read_to_end(&mut bytes));
    bytes
}

/// The child's side: limits this process, reads a component from standard input, writes its code to standard output. To be called
/// first thing in a process of its own.
pub fn compile_in_child(size: Size) -> Result<(), String> {
    limit(Resource::CPU, COMPILE_CPU)?;
    limit(Resource::AS, COMPILE_MEMORY)?;
    limit(Resource::CORE, 0)?;
    let mut component = Vec::new();
    io::stdin().take(MAX_COMPONENT as u64 + 1).read_to_end(&mut component).map_err(|error| error.to_string())?;
    let code = precompile(size, &component)?;
    let mut stdout = io::stdout();
    stdout.write_all(&code).and_then(|()| stdout.flush()).map_err(|error| error.to_string())
}

fn limit(resource: Resource, most: u64) -> Result<(), String> {
    let cannot = |error| format!("cannot limit {}: {error}", resource.as_name());
    let (_, maximum) = resource.get().map_err(cannot)?;
    resource.set(most.min(maximum), most.min(maximum)).map_err(cannot)
}

fn precompile(size: Size, component: &[u8]) -> Result<Vec<u8>, String> {
    let engine = engine::compiling(size).map_err(|error| format!("{error:#}"))?;
    engine.precompile_component(component).map_err(|error| format!("{error:#}"))
}
