// Enums in the caller's memory of which one variant has a float where another has
// nothing: the shadow has anything there. The primal may have left a number there
// before, and LLVM one that it has at hand; their adjoints were what the shadow has.
// The same of the spare room of a Vec.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad -Copt-level=1 %s -o %t.1 && %t.1 | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::hint::black_box;
use std::rc::Rc;

#[derive(Clone, Copy)]
enum Item {
    Value(f64),
    Range(f64, f64),
    Named(u64, f64),
}
use Item::*;

#[derive(Clone, Copy)]
enum Shape {
    Circle(f64),
    Field { width: f64, height: Option<f64> },
}
use Shape::*;

enum Tree {
    Empty,
    Leaf(f64),
    Node(Box<Tree>, Vec<Tree>),
}
use Tree::*;

/// The floats that a value has.
trait Floats {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64));
}
impl Floats for f64 {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        visit(self)
    }
}
impl Floats for Item {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        match self {
            Value(x) | Named(_, x) => visit(x),
            Range(x, y) => { visit(x); visit(y) }
        }
    }
}
impl Floats for Shape {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        match self {
            Circle(x) => visit(x),
            Field { width, height } => { visit(width); height.each(visit) }
        }
    }
}
impl Floats for Tree {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        match self {
            Empty => {}
            Leaf(x) => visit(x),
            Node(left, others) => { left.each(visit); others.each(visit) }
        }
    }
}
impl<T: Floats> Floats for Option<T> {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|x| x.each(visit))
    }
}
impl<T: Floats, E> Floats for Result<T, E> {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|x| x.each(visit))
    }
}
impl<T: Floats> Floats for Vec<T> {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|x| x.each(visit))
    }
}
impl<T: Floats, const N: usize> Floats for [T; N] {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.iter_mut().for_each(|x| x.each(visit))
    }
}
impl<T: Floats> Floats for Box<T> {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        (**self).each(visit)
    }
}
impl<T: Floats> Floats for Rc<RefCell<T>> {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.borrow_mut().each(visit)
    }
}
impl<T: Floats, U> Floats for (T, U) {
    fn each(&mut self, visit: &mut dyn FnMut(&mut f64)) {
        self.0.each(visit)
    }
}

fn read<T: Floats>(value: &mut T) -> Vec<f64> {
    let mut all = vec![];
    value.each(&mut |x| all.push(*x));
    all
}
fn write<T: Floats>(value: &mut T, floats: &[f64]) {
    let mut floats = floats.iter();
    value.each(&mut |x| *x = *floats.next().unwrap());
}

/// Reverse mode only: the derivative is compared with central differences.
const REVERSE: Tolerance = Tolerance { step: 1e-3, difference: 0.0, dot: 1e-8 };
const N: usize = 6;

/// Functions that change `$out`, which is `$before` at first. Its shadow is what the
/// function makes of it, with seeds in place of its floats.
macro_rules! changes {
    ($($name:ident, $rev:ident, $x:ident, $out:ident: $T:ty = $before:expr, $body:block)*) => {
        $(
            #[autodiff_reverse($rev, Duplicated, Duplicated)]
            fn $name($x: &[f64], $out: &mut $T) $body
        )*
        fn changes() {
            $({
                let after = |x: &[f64]| { let mut out = $before; $name(x, &mut out); out };
                let floats = |x: &[f64]| read(&mut after(x));
                check(stringify!($name), REVERSE, N, floats, |x, v| difference(floats, x, v, 1e-3),
                    |x, u| {
                        let (mut out, mut d, mut dx) = ($before, after(x), vec![0.0; N]);
                        write(&mut d, u);
                        $rev(x, &mut dx, &mut out, &mut d);
                        dx
                    });
            })*
        }
    };
}

/// Not known to the compiler.
fn is_odd(i: usize) -> bool {
    black_box(i) % 2 == 1
}

changes! {
    // CHECK: options: ok
    options, options_rev, x, out: [Option<f64>; N] = [None; N], {
        for (i, x) in x.iter().enumerate() {
            out[i] = Some(x * x);
            if is_odd(i) { out[i] = None; }
        }
    }
    // CHECK-NEXT: niche: ok
    niche, niche_rev, x, out: Vec<Option<(f64, bool)>> = vec![None; N], {
        for (i, x) in x.iter().enumerate() {
            out[i] = Some((x * x, true));
            if is_odd(i) { out[i] = None; }
        }
    }
    // CHECK-NEXT: results: ok
    results, results_rev, x, out: Vec<Result<f64, u8>> = vec![Err(1); N], {
        for (i, x) in x.iter().enumerate() {
            out[i] = Ok(x.sin());
            if is_odd(i) { out[i] = Err(2); }
        }
    }
    // Here LLVM writes the float of an element to the unused bytes of the next.
    // CHECK-NEXT: carried: ok
    carried, carried_rev, x, out: [Item; N] = [Named(7, 0.0); N], {
        for (i, x) in x.iter().enumerate() {
            out[black_box(i)] = if is_odd(i) { Value(*x) } else { Range(*x, x * x) };
        }
        for item in out.iter_mut() {
            *item = match *item { Value(v) => Value(v.exp()), range => range };
        }
    }
    // CHECK-NEXT: copied: ok
    copied, copied_rev, x, out: Vec<Item> = vec![Value(0.0); N], {
        let mut own: Vec<Item> = x.iter().map(|x| Named(7, x * x)).collect();
        for i in 0..N {
            if is_odd(i) { own[i] = Value(x[i].cos()); }
        }
        for i in 0..N {
            out[i] = own[i];
        }
    }
    // CHECK-NEXT: shapes: ok
    shapes, shapes_rev, x, out: [Shape; N] = [Circle(1.0); N], {
        for i in 0..N {
            let mut shape = Field { width: x[0] * x[i], height: Some(x[1] * x[i]) };
            if black_box(i) % 3 == 1 { shape = Field { width: x[i], height: None }; }
            if black_box(i) % 3 == 2 { shape = Circle(x[i] * x[2]); }
            out[i] = shape;
        }
    }
    // CHECK-NEXT: nested: ok
    nested, nested_rev, x, out: [Option<Option<[f64; 2]>>; N] = [None; N], {
        for i in 0..N {
            out[i] = Some(Some([x[i] * x[0], x[i].exp()]));
            if black_box(i) % 3 == 1 { out[i] = Some(None); }
            if black_box(i) % 3 == 2 { out[i] = None; }
        }
    }
    // CHECK-NEXT: boxes: ok
    boxes, boxes_rev, x, out: (Box<Option<f64>>, Vec<usize>) = (Box::new(Some(1.0)), vec![1]), {
        *out.0 = Some(x[0] * x[1]);
        let y = out.0.unwrap_or(0.0);
        if is_odd(1) { *out.0 = None; }
        if is_odd(2) { out.1.push(3); } else { *out.0 = Some(y * y); *out.0 = out.0.map(|y| y * x[2]); }
    }
    // CHECK-NEXT: trees: ok
    trees, trees_rev, x, out: Tree = Node(Box::new(Leaf(0.0)), vec![Leaf(0.0), Empty, Node(Box::new(Empty), vec![Leaf(0.0)])]), {
        fn fill(tree: &mut Tree, x: &[f64]) -> usize {
            match tree {
                Empty => { *tree = Leaf(x[2] * x[3]); 1 }
                Leaf(y) => {
                    *y = x[0] * x[1] + *y;
                    if black_box(x[0]) > 0.0 { *tree = Empty; }
                    2
                }
                Node(left, others) => fill(left, &x[1..]) + others.iter_mut().map(|t| fill(t, x)).sum::<usize>(),
            }
        }
        fill(out, x);
    }
    // CHECK-NEXT: cells: ok
    cells, cells_rev, x, out: (Rc<RefCell<[Option<f64>; 2]>>, usize) = (Rc::new(RefCell::new([None; 2])), 1), {
        let mut out = out.0.borrow_mut();
        for i in 0..2 {
            out[i] = Some(x[i] * x[i]);
            if is_odd(i) { out[i] = None; }
        }
    }
}

/// The same for a result, whose seed is 1 with std::autodiff whatever it is.
#[autodiff_reverse(product_rev, Duplicated, Active)]
fn product(x: &[f64]) -> Option<f64> {
    let y = x[0] * x[1];
    if is_odd(x.len()) { Some(y) } else { None }
}

/// Several seeds at once, and structs and slices.
struct Model<'a> {
    points: &'a mut [Option<f64>],
    sum: f64,
}
impl Model<'_> {
    #[autodiff_reverse(move_rev, 2, Duplicated, Duplicated)]
    fn move_all(&mut self, x: &[f64]) {
        for (i, x) in x.iter().enumerate() {
            self.points[i] = Some(x * x);
            self.sum += x.exp();
            if is_odd(i) { self.points[i] = None; }
        }
    }
}

/// The vectors move to new memory, where their shadows have no lengths.
#[autodiff_reverse(grow_rev, Duplicated, Duplicated)]
fn grow(x: &[f64], out: &mut Vec<Vec<Option<f64>>>) {
    for (i, x) in x.iter().enumerate() {
        out[i][0] = Some(x * x);
        if is_odd(i) { out[i][0] = None; }
    }
    out.push(vec![Some(x[0] * x[1])]);
    out.swap(0, 1);
}

/// A shadow has its values in the same buckets.
#[autodiff_reverse(lookup_rev, Duplicated, Duplicated)]
fn lookup(x: &[f64], map: &mut HashMap<usize, Option<f64>>) {
    for (i, x) in x.iter().enumerate() {
        if let Some(value) = map.get_mut(&i) {
            *value = Some(x * x);
            if is_odd(i) { *value = None; }
        }
    }
}

/// Appends where the shadow has room that nobody has written to.
#[autodiff_reverse(append_rev, Duplicated, Duplicated)]
fn append(x: &[f64], out: &mut (Vec<Vec<f64>>, VecDeque<f64>, f64)) {
    for row in &mut out.0 {
        row.push(x[0] * x[1]);
        out.2 += row[0] * row[1];
    }
    for x in x { out.1.push_back(x * x); }
    out.2 += out.1[2];
}

fn main() {
    changes();
    let x = [0.5, 0.7];
    // CHECK-NEXT: lanes [1.0, 0.0] [3.0, 0.0]
    let mut seeds = [[Some(f64::NAN); 2]; 2];
    for seeds in &mut seeds {
        seeds[0] = Some(0.0);
        *black_box(&mut seeds[1]) = None;
    }
    let [ref mut one, ref mut two] = seeds;
    one[0] = Some(1.0);
    two[0] = Some(3.0);
    let (mut d1, mut d2) = ([0.0; 2], [0.0; 2]);
    let mut model = Model { points: &mut [Some(1.0); 2], sum: 0.0 };
    let (mut m1, mut m2) = (Model { points: one, sum: 0.0 }, Model { points: two, sum: 0.0 });
    model.move_rev(&mut m1, &mut m2, &x, &mut d1, &mut d2);
    println!("lanes {d1:?} {d2:?}");
    // CHECK-NEXT: grown [1.0, 0.0]
    let mut seeds = vec![vec![Some(f64::NAN)], vec![Some(f64::NAN)]];
    seeds[0][0] = Some(1.0);
    *black_box(&mut seeds[1][0]) = None;
    let mut d = [0.0; 2];
    grow_rev(&x, &mut d, &mut vec![vec![None], vec![None]], &mut seeds);
    println!("grown {d:?}");
    // CHECK-NEXT: appended [2.4, 1.0] [2.35] [2.35] [1.0, 1.0]
    let row = |x: f64| { let mut row = vec![9.0; 8]; black_box(&mut row); row.clear(); row.push(x); row };
    let around = |x: f64| {
        let mut deque = VecDeque::from(vec![9.0; 4]);
        for _ in 0..3 { deque.pop_front(); }
        deque.push_back(x);
        deque
    };
    let mut out = (vec![row(1.0), row(1.0)], around(2.0), 0.0);
    let mut seeds = (vec![row(2.0), row(2.0)], around(1.0), 1.0);
    seeds.1[0] = 1.0;
    let mut d = [0.0; 2];
    append_rev(&x, &mut d, &mut out, &mut seeds);
    println!("appended {d:?} {:?} {:?} {:?}", seeds.0[0], seeds.0[1], seeds.1);
    // CHECK-NEXT: map [1.0, 0.0]
    let mut map: HashMap<usize, Option<f64>> = (0..9).map(|i| (i, Some(f64::NAN))).collect();
    let mut seeds = map.clone();
    for (i, seed) in &mut seeds {
        *black_box(seed) = if is_odd(*i) { None } else { Some(1.0) };
    }
    let mut d = [0.0; 2];
    lookup_rev(&x, &mut d, &mut map, &mut seeds);
    println!("map {d:?}");
    // CHECK-NEXT: product [0.0, 0.0] [3.0, 2.0, 0.0]
    let mut seed = Some(f64::NAN);
    *black_box(&mut seed) = None;
    let (mut d, mut d3) = ([0.0; 2], [0.0; 3]);
    product_rev(&[2.0, 3.0], &mut d, seed);
    product_rev(&[2.0, 3.0, 4.0], &mut d3, Some(1.0));
    println!("product {d:?} {d3:?}");
}
