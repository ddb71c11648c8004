// What of std is not differentiated: each ends the build, and says why.
// RUN: not %rustc_linkgrad -O --cfg btree %s -o %t 2>&1 | FileCheck --check-prefix=BTREE %s
// RUN: not %rustc_linkgrad --cfg btree %s -o %t 2>&1 | FileCheck --check-prefix=BTREE-O0 %s
// RUN: not %rustc_linkgrad -O --cfg hash %s -o %t 2>&1 | FileCheck --check-prefix=HASH %s
// RUN: not %rustc_linkgrad --cfg hash %s -o %t 2>&1 | FileCheck --check-prefix=HASH %s

use linkgrad::*;

#[autodiff_reverse(rev, Duplicated, Active)]
fn f(x: &[f64]) -> f64 {
    // BTREE: error: byte 0 behind {{.*}} is used as Float@double and as Pointer and as Integer [unknown-type]
    // BTREE-O0: error: a pointer with a shadow meets one that has none [mixed-activity]
    #[cfg(btree)]
    {
        let mut m = std::collections::BTreeMap::new();
        for (i, x) in x.iter().enumerate() {
            m.insert((i as u32 * 7) % 5, x.sin());
        }
        return m.values().product::<f64>() * m[&3];
    }
    // HASH: {{error: .* .(unknown-type|unsupported-instruction).}}
    #[cfg(hash)]
    {
        use std::hash::{BuildHasherDefault, DefaultHasher};
        let mut m: std::collections::HashMap<u32, f64, BuildHasherDefault<DefaultHasher>> = Default::default();
        for (i, x) in x.iter().enumerate() {
            m.insert(i as u32, x.sin());
        }
        return m[&1] * m[&3];
    }
    #[allow(unreachable_code)]
    x[0]
}

fn main() {
    let mut d = [0.0; 5];
    println!("{} {d:?}", rev(&[1.0, 2.0, 0.5, 4.0, 3.0], &mut d, 1.0));
}
