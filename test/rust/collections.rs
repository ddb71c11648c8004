// Collections, what moves their elements, and chains of iterators; text on the side.
// Sorting is in sort.rs.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad -O -Clto=thin -Ccodegen-units=1 %s -o %t.lto && %t.lto | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[macro_use]
#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

on_slices! {
    // CHECK: windows: ok
    windows, windows_fwd, windows_rev, 5, x, {
        x.windows(2).map(|w| w[0] * w[1]).zip(x).map(|(a, b)| a / b.exp()).sum()
    }
    // CHECK: chunks: ok
    chunks, chunks_fwd, chunks_rev, 5, x, {
        x.chunks(2).fold(1.0, |p, c| p * c.iter().sum::<f64>())
    }
    // CHECK: collect: ok
    collect, collect_fwd, collect_rev, 5, x, {
        let y: Vec<f64> = x.iter().filter(|x| **x > 0.6).map(|x| x.sin()).collect();
        y.iter().rev().scan(1.0, |s, y| { *s *= y; Some(*s) }).sum()
    }
    // CHECK: flat: ok
    flat, flat_fwd, flat_rev, 5, x, {
        let y: Vec<Vec<f64>> = x.iter().map(|a| x.iter().map(|b| a * b).collect()).collect();
        y.iter().flatten().step_by(3).skip(1).take(5).map(|v| v.sqrt()).sum()
    }
    // CHECK: rc_cell: ok
    rc_cell, rc_cell_fwd, rc_cell_rev, 5, x, {
        use std::{cell::RefCell, rc::Rc}
        ;
        let sum = Rc::new(RefCell::new(x[0]));
        let other = Rc::clone(&sum);
        for x in &x[1..] { *other.borrow_mut() *= x.sin(); }
        let v = *sum.borrow();
        v * v
    }
    // CHECK: format: ok
    format, format_fwd, format_rev, 5, x, {
        let mut n = 0;
        let mut p = 1.0;
        for (i, x) in x.iter().enumerate() { let text = format!("{i}: {x:8.1}, {p:8.1}"); n += text.len(); p *= x + 0.01 * n as f64; }
        p
    }
    // CHECK: option: ok
    option, option_fwd, option_rev, 5, x, {
        let pick = |i: usize| -> Option<f64> { x.get(i).copied().filter(|x| *x > 0.0).map(|x| x * x) };
        pick(0).unwrap_or(1.0) * pick(9).unwrap_or(3.0) + pick(1).zip(pick(2)).map_or(0.0, |(a, b)| a / b) + x.iter().copied().reduce(f64::max).unwrap()
    }
    // CHECK: deque: ok
    deque, deque_fwd, deque_rev, 5, x, {
        let mut q: std::collections::VecDeque<f64> = x.iter().copied().collect();
        for _ in 0..7 { let a = q.pop_front().unwrap(); let b = q[0]; q.push_back(a * b.cos()); }
        q.iter().sum()
    }
    // CHECK: rearranged: ok
    rearranged, rearranged_fwd, rearranged_rev, 7, x, {
        let mut y = x.to_vec();
        y.swap(0, 3);
        y.rotate_left(2);
        y.reverse();
        let z = y.split_off(2);
        y.extend_from_slice(&z);
        y.insert(1, x[0] * x[1]);
        y.remove(3);
        y.dedup();
        y.iter().enumerate().map(|(i, y)| y.powi(i as i32 + 1)).sum()
    }
}
