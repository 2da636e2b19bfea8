//! Compiling in a child process: this binary is both the host and, called with `child small`, the compiler.
//!
//! It has no test harness, because the child's standard output is machine code.
// What fails here is a failed test.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "sandbox/support.rs"]
#[allow(dead_code, reason = "shared with the other tests")]
mod support;

use std::process::ExitCode;

use laurel_plugins::{Compiler, Settings, Size, compile_in_child};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [child, size] = arguments.as_slice()
        && child == "child"
    {
        return match compile_in_child(Size::from_name(size).unwrap()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => {
                eprintln!("{why}");
                ExitCode::FAILURE
            }
        };
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(a_component_compiled_by_a_child_runs());
    runtime.block_on(what_the_compiler_refuses_is_told());
    ExitCode::SUCCESS
}

fn by_a_child() -> laurel_plugins::Runtime {
    let program = std::env::current_exe().unwrap();
    let compiler = Compiler::Child { program, arguments: vec!["child".into()], environment: Vec::new() };
    support::runtime_with(Settings { compiler, ..Settings::default() })
}

async fn a_component_compiled_by_a_child_runs() {
    let plugin = support::criteria("", "").load(&by_a_child()).await;
    assert_eq!(plugin.evaluate("{}", None, &support::events(2)).answer.unwrap().consumed, 2);
}

async fn what_the_compiler_refuses_is_told() {
    let guest = support::criteria("(memory $second 1)", "");
    let packed = laurel_pack::pack(&guest.module(), &guest.manifest).unwrap();
    let error = by_a_child().load(&packed).await.unwrap_err().to_string();
    assert!(error.contains("multi-memory") || error.contains("multiple memories"), "{error}");
}
