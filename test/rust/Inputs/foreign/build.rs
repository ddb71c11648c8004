use std::process::Command;

fn run(command: &mut Command) {
    assert!(command.status().unwrap().success());
}

fn main() {
    let out = std::env::var("OUT_DIR").unwrap();
    let object = format!("{out}/back.o");
    run(Command::new("clang").args(["-O2", "-flto=thin", "-c", "src/back.c", "-o", &object]));
    run(Command::new("llvm-ar").args(["rcs", &format!("{out}/libback.a"), &object]));
    println!("cargo::rustc-link-search=native={out}");
    println!("cargo::rustc-link-lib=static=back");
}
