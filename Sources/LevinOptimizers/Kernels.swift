internal import CLevinKernels

/// The one door from optimizers to the C kernels.
enum Kernels {
  struct AdamOptions {
    var learningRate: Double
    var betas: (Double, Double)
    var epsilon: Double
    var weightDecay: Double
    var isDecoupled: Bool
    var step: Int
  }

  static func adam(
    _ values: UnsafeMutableBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>,
    _ average: UnsafeMutablePointer<Float>, _ squares: UnsafeMutablePointer<Float>,
    _ options: AdamOptions
  ) {
    guard let x = values.baseAddress, let g = gradient.baseAddress else { return }
    var c = LevinAdam(
      learningRate: options.learningRate, beta1: options.betas.0, beta2: options.betas.1,
      epsilon: options.epsilon, weightDecay: options.weightDecay, decoupled: options.isDecoupled,
      maximize: false, step: Int64(options.step))
    levin_adam(values.count, x, g, average, squares, nil, &c)
  }
}
