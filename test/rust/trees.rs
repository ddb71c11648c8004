// A tree of an enum whose float and whose pointer share their bytes: built by one
// recursive function, changed in place, grown, taken apart, kept in a Vec. The same of a
// Result with text.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[macro_use]
#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[derive(Clone)]
enum Tree {
    Leaf(f64),
    Node(Box<Tree>, Box<Tree>),
}
use Tree::*;

fn build(x: &[f64]) -> Tree {
    if let [x] = x {
        Leaf(x.sin())
    } else {
        let (a, b) = x.split_at(x.len() / 2);
        Node(Box::new(build(a)), Box::new(build(b)))
    }
}

fn evaluate(t: &Tree) -> f64 {
    match t {
        Leaf(x) => *x,
        Node(a, b) => evaluate(a) * evaluate(b) + 1.0,
    }
}

fn scale(t: &mut Tree, s: f64) {
    match t {
        Leaf(x) => *x *= s,
        Node(a, b) => {
            scale(a, s);
            scale(b, s * 0.5);
            std::mem::swap(a, b)
        }
    }
}

fn grow(t: &mut Tree, x: f64) {
    *t = match std::mem::replace(t, Leaf(0.0)) {
        Leaf(y) => Node(Box::new(Leaf(x * y)), Box::new(Leaf(y))),
        node => Node(Box::new(node), Box::new(Leaf(x))),
    }
}

fn map(t: Tree, k: f64) -> Tree {
    match t {
        Leaf(x) => Leaf(x * x + k),
        Node(a, b) => Node(Box::new(map(*b, k)), Box::new(map(*a, k * 0.5))),
    }
}

/// An error's text is made where the float of a result before was.
fn parsed(x: f64, i: usize) -> Result<f64, String> {
    if i == 2 { Err(format!("not {i}")) } else { Ok(x.sin() * x) }
}

on_slices! {
    // CHECK: built: ok
    built, built_fwd, built_rev, 5, x, { evaluate(&build(x)) }
    // CHECK: scaled: ok
    scaled, scaled_fwd, scaled_rev, 5, x, {
        let mut t = build(x);
        scale(&mut t, x[1]);
        evaluate(&t)
    }
    // CHECK: grown: ok
    grown, grown_fwd, grown_rev, 5, x, {
        let mut t = Leaf(x[0]);
        for x in x { grow(&mut t, *x); }
        evaluate(&t)
    }
    // CHECK: mapped: ok
    mapped, mapped_fwd, mapped_rev, 5, x, {
        let t = map(build(x), x[2]);
        evaluate(&t) * evaluate(&t.clone())
    }
    // CHECK: collected: ok
    collected, collected_fwd, collected_rev, 5, x, {
        let mut all: Vec<Tree> = Vec::new();
        for x in x { all.push(Leaf(x.exp())); }
        while all.len() > 1 {
            let (a, b) = (all.remove(0), all.remove(0));
            all.push(Node(Box::new(b), Box::new(a)));
        }
        evaluate(&all[0])
    }
    // CHECK: exchanged: ok
    exchanged, exchanged_fwd, exchanged_rev, 5, x, {
        // A float goes to where a pointer was, and back.
        let mut t = [Leaf(x[0] * x[1]), build(x), Leaf(x[3])];
        let mut s = 0.0;
        for i in 0..7 {
            t.swap(i % 3, (i + 1) % 3);
            s = s * x[2] + evaluate(&t[i % 3]) * x[i % 5];
            scale(&mut t[(i + 1) % 3], x[4]);
        }
        s
    }
    // CHECK: results: ok
    results, results_fwd, results_rev, 5, x, {
        let all: Vec<Result<f64, String>> = x.iter().enumerate().map(|(i, x)| parsed(*x, i)).collect();
        let mut s = 0.0;
        for result in &all {
            match result {
                Ok(y) => s = s * x[1] + y,
                Err(text) => s *= text.len() as f64,
            }
        }
        s
    }
}
