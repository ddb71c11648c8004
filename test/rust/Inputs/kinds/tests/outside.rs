#[test]
fn outside() {
    assert_eq!(kinds::product!(), [7.0, 4.0]);
}
