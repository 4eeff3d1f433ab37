internal import LevinTensor

/// A search along a direction for a point that is low and flat enough (the strong Wolfe conditions; Nocedal and Wright
/// 2006, algorithms 3.5 and 3.6, as implemented in PyTorch and minFunc).
struct StrongWolfe {
  private typealias Place = (length: Double, point: LBFGS.Point, slope: Double)
  private static let (decrease, flatness) = (1e-4, 0.9)

  let direction: Tensor
  /// The slope along the direction at the start.
  let slope: Double
  let start: LBFGS.Point
  let toleranceChange: Double
  let mostEvaluations: Int

  func run(
    from first: Double, _ evaluate: (_ length: Double) throws -> LBFGS.Point
  ) rethrows -> (point: LBFGS.Point, length: Double, evaluations: Int) {
    func place(_ length: Double) throws -> Place {
      let point = try evaluate(length)
      return (length, point, point.gradient.dot(direction).item())
    }
    func isTooHigh(_ place: Place) -> Bool {
      place.point.loss > start.loss + Self.decrease * place.length * slope
    }
    func isFlat(_ place: Place) -> Bool { abs(place.slope) <= -Self.flatness * slope }

    let widest = direction.absolute().maximum().item()
    var evaluations = 1
    var iteration = 0
    var before: Place = (0, start, slope)
    var now = try place(first)
    var bracket: [Place] = []
    var isDone = false
    while iteration < mostEvaluations {
      if isTooHigh(now) || iteration > 1 && now.point.loss >= before.point.loss {
        bracket = [before, now]
        break
      }
      if isFlat(now) {
        bracket = [now]
        isDone = true
        break
      }
      if now.slope >= 0 {
        bracket = [before, now]
        break
      }
      let least = now.length + 0.01 * (now.length - before.length)
      let next = Self.interpolated(before, now, bounds: (least, now.length * 10))
      before = now
      now = try place(next)
      evaluations += 1
      iteration += 1
    }
    if bracket.isEmpty { bracket = [(0, start, slope), now] }

    var isSlow = false
    var (low, high) =
      bracket[0].point.loss <= bracket[bracket.count - 1].point.loss ? (0, 1) : (1, 0)
    while !isDone, iteration < mostEvaluations {
      let (left, right) = (
        min(bracket[0].length, bracket[1].length), max(bracket[0].length, bracket[1].length)
      )
      if (right - left) * widest < toleranceChange { break }
      var next = Self.interpolated(bracket[0], bracket[1], bounds: (left, right))
      let margin = 0.1 * (right - left)
      if min(right - next, next - left) < margin {
        if isSlow || next >= right || next <= left {
          next = abs(next - right) < abs(next - left) ? right - margin : left + margin
          isSlow = false
        } else {
          isSlow = true
        }
      } else {
        isSlow = false
      }
      let new = try place(next)
      evaluations += 1
      iteration += 1
      if isTooHigh(new) || new.point.loss >= bracket[low].point.loss {
        bracket[high] = new
        (low, high) = bracket[0].point.loss <= bracket[1].point.loss ? (0, 1) : (1, 0)
      } else {
        if isFlat(new) {
          isDone = true
        } else if new.slope * (bracket[high].length - bracket[low].length) >= 0 {
          bracket[high] = bracket[low]
        }
        bracket[low] = new
      }
    }
    let found = bracket[bracket.count == 1 ? 0 : low]
    return (found.point, found.length, evaluations)
  }

  /// The minimum, within bounds, of the cubic through two points with their slopes.
  private static func interpolated(
    _ a: Place, _ b: Place, bounds: (Double, Double)
  ) -> Double {
    let slopes = a.slope + b.slope - 3 * (a.point.loss - b.point.loss) / (a.length - b.length)
    let square = slopes * slopes - a.slope * b.slope
    guard square >= 0 else { return (bounds.0 + bounds.1) / 2 }
    let root = square.squareRoot()
    let place =
      a.length <= b.length
      ? b.length
        - (b.length - a.length) * ((b.slope + root - slopes) / (b.slope - a.slope + 2 * root))
      : a.length
        - (a.length - b.length) * ((a.slope + root - slopes) / (a.slope - b.slope + 2 * root))
    return min(max(place, bounds.0), bounds.1)
  }
}
