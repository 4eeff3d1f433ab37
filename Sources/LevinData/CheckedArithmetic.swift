/// The sum of numbers that a user gave; nil if it overflows `Int`.
package func checkedSum(_ numbers: [Int]) -> Int? {
  numbers.reduce(0 as Int?) { sum, number in
    guard let (sum, overflow) = sum?.addingReportingOverflow(number), !overflow else { return nil }
    return sum
  }
}

/// The product of sizes that a user gave; nil if it overflows `Int`.
package func checkedProduct(_ sizes: [Int]) -> Int? {
  sizes.reduce(1 as Int?) { product, size in
    guard let (product, overflow) = product?.multipliedReportingOverflow(by: size), !overflow else {
      return nil
    }
    return product
  }
}
