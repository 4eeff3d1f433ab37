import CLevinKernels
import Testing

@Suite struct ProductTests {
  @Test func multipliesTwoByTwo() {
    let a: [Float] = [1, 2, 3, 4]
    let b: [Float] = [5, 6, 7, 8]
    var c = [Float](repeating: 0, count: 4)
    levin_product_nt(2, 2, 2, a, 2, b, 2, &c, 2, false, nil, false)
    #expect(c == [17, 23, 39, 53])
    levin_product_nn(2, 2, 2, a, 2, b, 2, &c, 2, false, nil, 0)
    #expect(c == [19, 22, 43, 50])
    levin_product_tn(2, 2, 2, a, 2, b, 2, &c, 2, false, nil)
    #expect(c == [26, 30, 38, 44])
  }
}
