public import LevinTensor

/// Layers called one after the other; as `torch.nn.Sequential`.
///
/// They are named `0`, `1` and so on, or as the dictionary says:
///
///     let body = Sequential(Conv2d(1, 6, kernelSize: 5), ReLU(), Flatten())
///     let deep = Sequential((0..<4).map { _ in Linear(8, 8) })
///     let named: Sequential = ["conv": Conv2d(1, 6, kernelSize: 5), "relu": ReLU()]
///     let built = Sequential {
///       Linear(784, 100)
///       if normalizes { BatchNorm1d(100) }
///       for _ in 0..<depth { Linear(100, 100) }
///     }
///
/// Layers are replaced by their place or name, `body[0] = Conv2d(3, 6, kernelSize: 5)`, and a range of them is a `Sequential` that
/// shares them. A subclass makes its layers in a convenience initializer.
open class Sequential: Layer, Sequence, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  private let children: Children<Layer>

  /// Creates a sequence of layers, which run in this order.
  public init(_ layers: [Layer]) { children = Children(of: "Sequential", layers) }

  /// Creates a sequence of layers, which run in this order.
  public convenience init(_ layers: Layer...) { self.init(layers) }

  /// Layers with names of their own, in the order in which they run.
  ///
  /// Traps for a name that has a dot, or that comes twice.
  public init(_ layers: KeyValuePairs<String, Layer>) {
    children = Children(of: "Sequential", named: layers.map { ($0.key, $0.value) })
  }

  /// The layers that the lines of a closure make.
  public convenience init(@LayerBuilder _ layers: () -> [Layer]) { self.init(layers()) }

  /// Creates a sequence of layers, which run in this order.
  public required init(arrayLiteral layers: Layer...) {
    children = Children(of: "Sequential", layers)
  }

  /// Layers with names of their own; see ``init(_:)-(KeyValuePairs<String,Layer>)``.
  public required init(dictionaryLiteral layers: (String, Layer)...) {
    children = Children(of: "Sequential", named: layers)
  }

  private init(_ children: Children<Layer>) { self.children = children }

  /// The layers, in the order in which they run.
  public var layers: [Layer] { children.modules }
  /// How many layers there are.
  public var count: Int { children.entries.count }
  /// Goes over the layers.
  public func makeIterator() -> IndexingIterator<[Layer]> { layers.makeIterator() }

  /// A layer by its place, from the end where negative; traps where there is none.
  public subscript(index: Int) -> Layer {
    get { children[index] }
    set { children[index] = newValue }
  }

  /// A layer by its name, nil if there is none; a new name is appended, and nil removes a layer.
  public subscript(name: String) -> Layer? {
    get { children[name] }
    set { children[name] = newValue }
  }

  /// The layers in a range, themselves and not copies, under the names that they have here.
  public subscript(range: some RangeExpression<Int>) -> Sequential {
    Sequential(children.slice(range))
  }

  /// Adds a layer at the end, named by its place unless a name is given.
  public func append(_ layer: Layer, named name: String? = nil) {
    children.append(layer, named: name)
  }

  /// Puts a layer before the one at `index`; numbered names move up.
  public func insert(_ layer: Layer, at index: Int) { children.insert(layer, at: index) }

  /// Takes a layer out; numbered names move down.
  @discardableResult
  public func remove(at index: Int) -> Layer { children.remove(at: index) }

  /// The layers, then what a subclass holds.
  open override var ownMembers: [(name: String, value: Any)] {
    children.members + super.ownMembers
  }

  /// A `ReLU` right after a `Linear` runs in the same pass as the product; the values are the same.
  open override func forward(_ input: Tensor) -> Tensor {
    var output = input
    var index = 0
    let entries = children.entries
    while index < entries.count {
      if index + 1 < entries.count, let linear = entries[index].module as? Linear,
        let relu = entries[index + 1].module as? ReLU, linear.hooks == nil, relu.hooks == nil
      {
        let input = output
        output = linear.called { linear.forward(input, relu: true) }
        relu.called { output.reportFused("relu()") }
        index += 2
      } else {
        output = entries[index].module(output)
        index += 1
      }
    }
    return output
  }
}
