// Uses LevinTensor as a user's package does: this target has no package access, and imports nothing @testable.
import LevinTensor
import Testing

private func cube(_ x: Tensor) -> Tensor {
  customOperation("cube(_:)", [x]) {
    $0[0] * $0[0] * $0[0]
  } gradient: { step in
    [step.gradient * step.inputs[0].squared() * 3]
  }
}

/// Length and angle of the vector (x, y).
private func polar(_ x: Tensor, _ y: Tensor) -> [Tensor] {
  customOperation("polar(_:_:)", [x, y]) { input in
    [(input[0].squared() + input[1].squared()).sqrt(), input[1].atan2(input[0])]
  } gradient: { step in
    let (x, y, r) = (step.inputs[0], step.inputs[1], step.outputs[0])
    let (dr, angle) = (step.gradients[0], step.gradients[1] / r)
    return [(dr * x - angle * y) / r, (dr * y + angle * x) / r]
  }
}

@Suite struct CustomOperationTests {
  private let x = Tensor([0.5, -1.5, 2], shape: [3])
  private let y = Tensor([1.25, 0.75, -0.5], shape: [3])

  @Test func gradientsOfOneResult() {
    #expect(gradientCheck([x]) { [cube($0[0])] } == nil)
    #expect(gradientCheck([x], second: true) { [cube($0[0])] } == nil)
    let leaf = x.requiringGradient()
    cube(leaf).sum().backward()
    #expect(leaf.gradient?.scalars(as: Double.self) == [0.75, 6.75, 12])
  }

  @Test func gradientsOfSeveralResults() {
    #expect(gradientCheck([x, y]) { polar($0[0], $0[1]) } == nil)
    #expect(gradientCheck([x, y], second: true) { polar($0[0], $0[1]) } == nil)
    // Only one of the results, and one of them twice.
    #expect(gradientCheck([x, y], second: true) { [polar($0[0], $0[1])[1]] } == nil)
    #expect(
      gradientCheck([x, y], second: true) {
        let parts = polar($0[0], $0[1])
        return [parts[0] * parts[1] + parts[1].sin()]
      } == nil)
  }

  @Test func hooksSeeTheResultThatTheyAreOn() {
    let (a, b) = (x.requiringGradient(), y.requiringGradient())
    let parts = polar(a, b)
    var seen: [[Double]] = []
    parts[1].onGradient { gradient in
      seen.append(gradient.scalars(as: Double.self))
      return gradient.zerosLike()
    }
    (parts[0] * 2 + parts[1] * 3).sum().backward()
    #expect(seen == [[3, 3, 3]])
    // The rest is the gradient of twice the length: 2x / r.
    let expected: [Double] = [
      1 / 1.8125.squareRoot(), -3 / 2.8125.squareRoot(), 4 / 4.25.squareRoot(),
    ]
    let found: [Double] = a.gradient!.scalars()
    #expect(zip(found, expected).allSatisfy { pair in Swift.abs(pair.0 - pair.1) < 1e-12 })
  }

  @Test func integersAmongResultsHaveNoGradient() {
    let leaf = x.requiringGradient()
    let results = customOperation("largest(_:)", [leaf]) { input in
      let (values, indices) = input[0].max(dimension: 0)
      return [values, indices]
    } gradient: { step in
      let place = step.outputs[1]
      return [
        step.inputs[0].zerosLike().scattered(
          0, place.reshaped(to: [1]), step.gradient.reshaped(to: [1]))
      ]
    }
    #expect(results[0].requiresGradient && !results[1].requiresGradient)
    (results[0] * 5).backward()
    #expect(leaf.gradient?.scalars(as: Double.self) == [0, 0, 5])
  }

  @Test func onlyWhatIsAskedForIsNeeded() {
    let leaf = x.requiringGradient()
    var needs: [Bool] = []
    let product = customOperation("product(_:_:)", [leaf, y]) {
      $0[0] * $0[1]
    } gradient: { step in
      needs = [step.needs(0), step.needs(1)]
      return [step.gradient * step.inputs[1], nil]
    }
    product.sum().backward()
    #expect(needs == [true, false])
    #expect(leaf.gradient?.scalars(as: Double.self) == [1.25, 0.75, -0.5])
    #expect(
      !customOperation("none", [y], forward: { $0[0] }, gradient: { _ in [nil] }).requiresGradient)
  }

  @Test func aWrongGradientIsFound() throws {
    let wrong = gradientCheck([x]) { input in
      [
        customOperation("square", input) {
          $0[0] * $0[0]
        } gradient: {
          [$0.gradient * $0.inputs[0]]
        }
      ]
    }
    let text = try #require(wrong)
    #expect(text.hasPrefix("output 0, element [0], by input 0, element [0]: the slope is "))
    #expect(text.hasSuffix(", the gradient 0.5"))
    // A gradient that captures its inputs outside the record has no second derivative.
    let constant = gradientCheck([x], second: true) { input in
      let kept = input[0].detached()
      return [
        customOperation("square", input) {
          $0[0] * $0[0]
        } gradient: {
          [$0.gradient * kept * 2]
        }
      ]
    }
    #expect(
      try #require(constant).hasPrefix(
        "the gradient of input 0, element [0], by input 0, element [0]: "))
  }

  @Test func aGradientOfAnotherShapeTraps() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor([1.0, 2]).requiringGradient()
      let y = customOperation("wrong(_:)", [x], forward: { $0[0] * 2 }) { [$0.gradient.sum()] }
      y.sum().backward()
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(
      text.contains(
        "wrong(_:): found a gradient of shape [] for input 0; expected the input's own shape, [2]; "
          + "sum it over what broadcasting repeated"))
  }
}
