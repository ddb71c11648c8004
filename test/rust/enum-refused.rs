// A tree of an enum whose float and whose pointer share their bytes. One recursive
// function builds it: where it copies a branch, it sees pointers itself, and the
// float in its callee only. Its gradient was 0.
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// CHECK: byte {{[08] .*(is used as Float@double and as Pointer|is part of a union, which may hold a float elsewhere).*}} [unknown-type]

use linkgrad::*;

enum Tree {
    Leaf(f64),
    Node(Box<Tree>, Box<Tree>),
}

fn build(x: &[f64]) -> Tree {
    if let [x] = x {
        Tree::Leaf(x.sin())
    } else {
        let (a, b) = x.split_at(x.len() / 2);
        Tree::Node(Box::new(build(a)), Box::new(build(b)))
    }
}

fn evaluate(t: &Tree) -> f64 {
    match t {
        Tree::Leaf(x) => *x,
        Tree::Node(a, b) => evaluate(a) * evaluate(b) + 1.0,
    }
}

#[autodiff_reverse(rev, Duplicated, Active)]
fn tree(x: &[f64]) -> f64 {
    evaluate(&build(x))
}

fn main() {
    let mut d = [0.0; 3];
    println!("{} {d:?}", rev(&[0.5, 0.6, 0.7], &mut d, 1.0));
}
