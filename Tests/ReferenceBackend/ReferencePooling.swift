import CLevinKernels
package import LevinTensor

extension ReferenceBackend {
  package func maxPool(
    _ x: Operand, _ geometry: PoolingGeometry, into result: Operand, places: Operand
  ) {
    let (elements, windows) = (x.elements, windows(geometry))
    let none: Element = x.dtype.isFloatingPoint ? .float(-.infinity) : .integer(.min)
    var (values, found) = ([Element](), [Element]())
    for plane in 0..<(x.shape[0] * x.shape[1]) {
      for window in windows {
        var (most, best) = (none, window.places.first ?? -1)
        for place in window.places {
          let element = elements[plane * planeSize(x) + place]
          if place == best || element.double.isNaN || value(.greater, element, most) {
            (most, best) = (element, place)
          }
        }
        values.append(most)
        found.append(.integer(Int64(best)))
      }
    }
    result.store(values)
    places.store(found)
  }

  package func averagePool(_ x: Operand, _ geometry: PoolingGeometry, into result: Operand) {
    let (elements, windows) = (x.elements, windows(geometry))
    result.store(
      (0..<(x.shape[0] * x.shape[1])).flatMap { plane in
        windows.map { window in
          let sum = window.places.reduce(0) { $0 + elements[plane * planeSize(x) + $1].double }
          return .float(sum / window.divisor)
        }
      })
  }

  package func averagePoolGradient(
    _ gradient: Operand, _ geometry: PoolingGeometry, into result: Operand
  ) {
    let (elements, windows) = (gradient.elements, windows(geometry))
    var sums = [Double](repeating: 0, count: result.shape.elementCount)
    for (index, element) in elements.enumerated() {
      let window = windows[index % windows.count]
      for place in window.places {
        sums[index / windows.count * planeSize(result) + place] += element.double / window.divisor
      }
    }
    result.store(sums.map { .float($0) })
  }

  private func planeSize(_ x: Operand) -> Int { x.shape.dropFirst(2).reduce(1, *) }

  /// The positions in a plane that each output covers, and the divisor of their average.
  private func windows(_ geometry: PoolingGeometry) -> [(places: [Int], divisor: Double)] {
    let along = geometry.windows
    return indices(along.map(\.starts.count)).map { output in
      var (places, divisor) = ([0], 1.0)
      for (own, t) in zip(along, output) {
        let seen = stride(from: Int(own.starts[t]), to: Int(own.ends[t]), by: own.dilation)
        places = places.flatMap { place in seen.map { place * own.size + $0 } }
        divisor *= Double(own.counts[t])
      }
      return (places, geometry.divisor == 0 ? divisor : Double(geometry.divisor))
    }
  }
}
