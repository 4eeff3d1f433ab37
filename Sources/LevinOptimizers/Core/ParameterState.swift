public import LevinTensor

/// An optimizer's state for one parameter: tensors under PyTorch's names, and the number of steps.
public struct ParameterState {
  /// The number of steps so far, for optimizers that count them.
  public var step = 0
  private(set) var names: [String] = []
  var tensors: [Tensor] = []

  init() {}

  /// The tensor with a name; nil before it is set.
  public subscript(name: String) -> Tensor? {
    get { names.firstIndex(of: name).map { tensors[$0] } }
    set {
      guard let newValue else { return remove(name) }
      let index = index(of: name, newValue)
      tensors[index] = newValue.detached()
    }
  }

  /// The tensor with a name, initially `initial`, for changes in place.
  public subscript(name: String, default initial: @autoclosure () -> Tensor) -> Tensor {
    get { self[name] ?? initial() }
    _modify {
      let index = index(of: name, initial())
      yield &tensors[index]
    }
  }

  private mutating func index(of name: String, _ initial: @autoclosure () -> Tensor) -> Int {
    if let index = names.firstIndex(of: name) { return index }
    names.append(name)
    tensors.append(initial())
    return names.count - 1
  }

  private mutating func remove(_ name: String) {
    guard let index = names.firstIndex(of: name) else { return }
    names.remove(at: index)
    tensors.remove(at: index)
  }
}
