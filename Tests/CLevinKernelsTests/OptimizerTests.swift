import CLevinKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct OptimizerTests {
    static let variants: [LevinAdam] = [
      adam(), adam(weightDecay: 0.1), adam(weightDecay: 0.1, decoupled: true), adam(maximize: true),
    ]

    static func adam(weightDecay: Double = 0, decoupled: Bool = false, maximize: Bool = false)
      -> LevinAdam
    {
      LevinAdam(
        learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: weightDecay,
        decoupled: decoupled, maximize: maximize, step: 1)
    }

    @Test(arguments: variants.indices, [false, true])
    func adamAgreesWithDoubles(variant: Int, amsgrad: Bool) {
      let count = 4133
      var draws = Draws(seed: 12)
      let start = draws.floats(count)
      let gradients = (0..<3).map { _ in draws.floats(count) }
      var options = Self.variants[variant]
      var exact = start.map(Double.init)
      var (m, v, top) = (exact.map { _ in 0.0 }, exact.map { _ in 0.0 }, exact.map { _ in 0.0 })
      for (step, gradient) in gradients.enumerated() {
        let t = Double(step + 1)
        for i in 0..<count {
          var g = Double(gradient[i]) * (options.maximize ? -1 : 1)
          if options.decoupled {
            exact[i] *= 1 - options.learningRate * options.weightDecay
          } else {
            g += options.weightDecay * exact[i]
          }
          m[i] = 0.9 * m[i] + 0.1 * g
          v[i] = 0.999 * v[i] + 0.001 * g * g
          top[i] = max(top[i], v[i])
          let second = (amsgrad ? top[i] : v[i]) / (1 - pow(0.999, t))
          exact[i] -= 0.01 * (m[i] / (1 - pow(0.9, t))) / (second.squareRoot() + 1e-8)
        }
      }
      for (isa, x) in onEachISA({
        var x = start
        var (m, v) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        var top = v
        for (step, gradient) in gradients.enumerated() {
          options.step = Int64(step + 1)
          top.withUnsafeMutableBufferPointer { top in
            levin_adam(count, &x, gradient, &m, &v, amsgrad ? top.baseAddress : nil, &options)
          }
        }
        return x
      }) {
        let error = zip(x, exact).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(error < 5e-7, "\(isa)")
      }
    }

    static let descents: [LevinSGD] = [
      sgd(), sgd(momentum: 0.9), sgd(momentum: 0.9, dampening: 0.3, weightDecay: 0.1),
      sgd(momentum: 0.8, weightDecay: 0.1, nesterov: true), sgd(weightDecay: 0.2, maximize: true),
    ]

    static func sgd(
      momentum: Double = 0, dampening: Double = 0, weightDecay: Double = 0, nesterov: Bool = false,
      maximize: Bool = false
    ) -> LevinSGD {
      LevinSGD(
        learningRate: 0.1, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
        nesterov: nesterov, maximize: maximize, isFirst: true)
    }

    @Test(arguments: descents.indices) func sgdAgreesWithDoubles(variant: Int) {
      let count = 4133
      var draws = Draws(seed: 13)
      let start = draws.floats(count)
      let gradients = (0..<3).map { _ in draws.floats(count) }
      let options = Self.descents[variant]
      var exact = start.map(Double.init)
      var sums = exact.map { _ in 0.0 }
      for (step, gradient) in gradients.enumerated() {
        for i in 0..<count {
          var g = Double(gradient[i]) * (options.maximize ? -1 : 1)
          g += options.weightDecay * exact[i]
          if options.momentum != 0 {
            sums[i] = step == 0 ? g : options.momentum * sums[i] + (1 - options.dampening) * g
            g = options.nesterov ? g + options.momentum * sums[i] : sums[i]
          }
          exact[i] -= 0.1 * g
        }
      }
      for (isa, x) in onEachISA({
        var x = start
        var sums = [Float](repeating: .nan, count: count)
        for (step, gradient) in gradients.enumerated() {
          var options = options
          options.isFirst = step == 0
          sums.withUnsafeMutableBufferPointer { sums in
            levin_sgd(
              count, &x, gradient, options.momentum == 0 ? nil : sums.baseAddress, &options)
          }
        }
        return x
      }) {
        let error = zip(x, exact).map { abs(Double($0) - $1) }.max() ?? 1
        #expect(error < 5e-7, "\(isa)")
      }
    }

    @Test func adamFlushesDenormalsInsideOnly() {
      for (isa, moments) in onEachISA({
        var x: [Float] = [1]
        var (m, v): ([Float], [Float]) = ([0x1p-133], [0x1p-133])
        var options = Self.adam()
        levin_adam(1, &x, [0], &m, &v, nil, &options)
        // Outside the kernel, denormal numbers behave as usual.
        let tiny = Float.leastNonzeroMagnitude * x[0]
        return m + v + [tiny]
      }) {
        #expect(moments == [0, 0, .leastNonzeroMagnitude], "\(isa)")
      }
    }
  }
}
