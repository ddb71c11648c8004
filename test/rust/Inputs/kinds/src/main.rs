fn main() {
    println!("program {:?} {}", kinds::product!(), cfg!(mine));
}
