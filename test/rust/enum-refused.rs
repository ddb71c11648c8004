// A tree of an enum whose f32 and whose pointer share their bytes. One recursive
// function builds it: where it copies a branch, it sees pointers itself, and the
// float in its callee only. Its gradient was 0.
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// CHECK: byte 8 {{.*}}is used as Float@float and as Pointer{{.*}} [unknown-type]

use linkgrad::*;

enum Tree {
    Leaf(f32),
    Node(Box<Tree>, Box<Tree>),
}

fn build(x: &[f32]) -> Tree {
    if let [x] = x {
        Tree::Leaf(x.sin())
    } else {
        let (a, b) = x.split_at(x.len() / 2);
        Tree::Node(Box::new(build(a)), Box::new(build(b)))
    }
}

fn evaluate(t: &Tree) -> f32 {
    match t {
        Tree::Leaf(x) => *x,
        Tree::Node(a, b) => evaluate(a) * evaluate(b) + 1.0,
    }
}

#[autodiff_reverse(rev, Duplicated, Active)]
fn tree(x: &[f32]) -> f32 {
    evaluate(&build(x))
}

fn main() {
    let mut d = [0.0; 3];
    println!("{} {d:?}", rev(&[0.5, 0.6, 0.7], &mut d, 1.0));
}
