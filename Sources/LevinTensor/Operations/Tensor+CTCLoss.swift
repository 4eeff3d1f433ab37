internal import LevinSystem

extension Tensor {
  /// Connectionist temporal classification (Graves and others 2006): the negative log-likelihood of label sequences,
  /// over all alignments with repetitions and blanks, under these log-probabilities `[time, batch, classes]`, or
  /// `[time, classes]` (PyTorch's `ctc_loss`).
  ///
  /// Targets, of int64 or int32, are `[batch, length]`, or all sequences one after another. For the mean, each loss
  /// is first divided by the length of its sequence. A sequence that does not fit has an infinite loss or, with
  /// `zeroInfinity`, 0. As in PyTorch, the gradient is that of the logits of a softmax, and so assumes that
  /// probabilities sum to 1. Traps if lengths or classes do not fit, and for a second derivative.
  public func ctcLoss(
    _ targets: Tensor, inputLengths: [Int], targetLengths: [Int], blank: Int = 0,
    zeroInfinity: Bool = false, reduction: LossReduction = .mean
  ) -> Tensor {
    composed(
      "ctcLoss(_:inputLengths:targetLengths:)", [self, targets],
      [
        .init("inputLengths", .ints(inputLengths)), .init("targetLengths", .ints(targetLengths)),
        .init("blank", .int(blank)), .init("zeroInfinity", .bool(zeroInfinity)),
        .init("reduction", .string("\(reduction)")),
      ]
    ) {
      if rank == 2 {
        let losses = unsqueezed(1).ctcLoss(
          targets, inputLengths: inputLengths, targetLengths: targetLengths, blank: blank,
          zeroInfinity: zeroInfinity, reduction: reduction)
        return reduction == .none ? losses.squeezed(0) : losses
      }
      ShapeChecks.isFloatingPoint(self, for: "ctcLoss(_:)")
      let labels = ctcLabels(targets, inputLengths, targetLengths, blank)
      let (values, slopes) = withoutGradients {
        let lattices = labels.enumerated().map { n, own in
          CTCLattice(
            selected(1, n).to(.float64).scalars(as: Double.self), classes: shape[2],
            steps: inputLengths[n], labels: own, blank: blank)
        }
        let losses = lattices.map { zeroInfinity && $0.loss == .infinity ? 0 : $0.loss }
        var slopes = [Double](
          repeating: 0, count: Tape.records(self) || node != nil ? elementCount : 0)
        if !slopes.isEmpty {
          for (n, lattice) in lattices.enumerated()
          where !(zeroInfinity && lattice.loss == .infinity) {
            lattice.addSlopes(to: &slopes, sequence: n, of: shape[1])
          }
        }
        return (losses, slopes)
      }
      var losses = Tensor(values, device: device).to(dtype)
      if Tape.records(self) {
        let whole = Tensor(slopes, shape: shape, device: device).to(dtype)
        losses = losses.recorded(
          GradientNode("ctcLoss(_:)", edge) { [edge] step in
            let gradient = withoutGradients { whole * step.gradient.reshaped(to: [1, -1, 1]) }
            guard step.createsGraph else { return step.give(0, gradient) }
            step.give(
              0,
              gradient.recorded(
                GradientNode("gradient of ctcLoss(_:)", edge, step.gradient.edge) { _ in
                  fail(
                    "ctcLoss(_:)", "a gradient of its gradient",
                    expected: "a first gradient", hint: "PyTorch has no second one either")
                }))
          })
      }
      guard reduction == .mean else { return losses.reduced(reduction) }
      let lengths = Tensor(targetLengths.map { Double(Swift.max($0, 1)) }, device: device)
      return (losses / lengths.to(dtype)).mean()
    }
  }

  /// The label sequences, checked.
  private func ctcLabels(
    _ targets: Tensor, _ inputLengths: [Int], _ targetLengths: [Int], _ blank: Int
  ) -> [[Int]] {
    guard rank == 3, inputLengths.count == shape[1], targetLengths.count == shape[1],
      (0..<shape[2]).contains(blank), inputLengths.allSatisfy({ (0...shape[0]).contains($0) }),
      targetLengths.allSatisfy({ $0 >= 0 }),
      targets.rank == 2
        ? targets.shape[0] == shape[1]
          && targetLengths.allSatisfy({ $0 <= targets.shape[1] })
        : targets.rank == 1 && targetLengths.reduce(0, +) == targets.elementCount
    else {
      fail(
        "ctcLoss(_:)",
        "input \(shape), targets \(targets.shape), \(inputLengths.count) input and "
          + "\(targetLengths.count) target lengths, blank \(blank)",
        expected:
          "input [time, batch, classes], targets [batch, length] or all in one, lengths that fit, "
          + "and a blank that is a class")
    }
    let all = withoutGradients { targets.to(.int64) }.scalars(as: Int64.self).map { Int($0) }
    for label in all where !(0..<shape[2]).contains(label) {
      fail(
        "ctcLoss(_:)", "label \(label)", expected: "a class in 0..<\(shape[2])")
    }
    var start = 0
    return targetLengths.enumerated().map { n, length in
      if targets.rank == 2 { start = n * targets.shape[1] }
      defer { start += length }
      return Array(all[start..<(start + length)])
    }
  }
}

/// The paths through one sequence: state 2i + 1 is label i, the states between them are blanks.
private struct CTCLattice {
  let logs: [Double]
  let classes: Int
  let steps: Int
  let states: [Int]
  let forward: [[Double]]
  let loss: Double

  init(_ logs: [Double], classes: Int, steps: Int, labels: [Int], blank: Int) {
    self.logs = logs
    self.classes = classes
    self.steps = steps
    let states = [blank] + labels.flatMap { [$0, blank] }
    self.states = states
    var forward: [[Double]] = []
    for step in 0..<steps {
      forward.append(
        states.indices.map { state in
          let own = logs[step * classes + states[state]]
          guard step > 0 else { return state < 2 ? own : -.infinity }
          let before = forward[step - 1]
          var ways = [before[state]]
          if state > 0 { ways.append(before[state - 1]) }
          if state > 1, state % 2 == 1, states[state] != states[state - 2] {
            ways.append(before[state - 2])
          }
          return Self.logSum(ways) + own
        })
    }
    self.forward = forward
    let ends = forward.last.map { Array($0.suffix(2)) } ?? [labels.isEmpty ? 0 : -.infinity]
    loss = -Self.logSum(ends)
  }

  private static func logSum(_ values: [Double]) -> Double {
    let top = values.max() ?? -.infinity
    return top == -.infinity ? top : top + log(values.reduce(0) { $0 + exp($1 - top) })
  }

  private static func exp(_ x: Double) -> Double { x.exponential }
  private static func log(_ x: Double) -> Double { x.naturalLogarithm }

  /// Adds exp(log p) minus the posterior probability of each class at each step, given the labels, to `[time, batch,
  /// classes]`.
  func addSlopes(to slopes: inout [Double], sequence n: Int, of batch: Int) {
    var after = [Double](repeating: -.infinity, count: states.count)
    for step in (0..<steps).reversed() {
      // The states after this step, from each state.
      if step == steps - 1 {
        for state in states.indices.suffix(2) { after[state] = 0 }
      } else {
        let next = states.indices.map { after[$0] + logs[(step + 1) * classes + states[$0]] }
        after = states.indices.map { state in
          var ways = [next[state]]
          if state + 1 < states.count { ways.append(next[state + 1]) }
          if state + 2 < states.count, state % 2 == 1, states[state] != states[state + 2] {
            ways.append(next[state + 2])
          }
          return Self.logSum(ways)
        }
      }
      let base = (step * batch + n) * classes
      for label in 0..<classes { slopes[base + label] += Self.exp(logs[step * classes + label]) }
      for state in states.indices {
        slopes[base + states[state]] -= Self.exp(forward[step][state] + after[state] + loss)
      }
    }
  }
}
