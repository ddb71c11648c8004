//! Compiles the part in C for ThinLTO.
use std::process::Command;

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success());
}

fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let object = format!("{out}/spring.o");
    run(Command::new("clang").args(["-O2", "-flto=thin", "-c", "src/spring.c", "-o", &object]));
    run(Command::new("llvm-ar").args(["rcs", &format!("{out}/libspring.a"), &object]));
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=spring");
    println!("cargo::rerun-if-changed=src/spring.c");
}
