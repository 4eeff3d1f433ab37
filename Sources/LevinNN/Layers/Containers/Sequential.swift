public import LevinTensor

/// Layers that are called one after another, as `torch.nn.Sequential`.
///
/// They are named `0`, `1` and so on, or with the keys of a dictionary literal:
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
/// Layers can be replaced by index or name, as in `body[0] = Conv2d(3, 6, kernelSize: 5)`; a range of layers is a
/// `Sequential` that shares them. A subclass creates its layers in a convenience initializer.
open class Sequential: Layer, Sequence, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  private let children: Children<Layer>

  /// Creates a sequence of layers, which run in this order.
  public init(_ layers: [Layer]) { children = Children(of: "Sequential", layers) }

  /// Creates a sequence of layers, which run in this order.
  public convenience init(_ layers: Layer...) { self.init(layers) }

  /// Creates a sequence of layers with names, in the order in which they run.
  ///
  /// Traps if a name contains a dot or appears twice.
  public init(_ layers: KeyValuePairs<String, Layer>) {
    children = Children(of: "Sequential", named: layers.map { ($0.key, $0.value) })
  }

  /// Creates a sequence of the layers that the lines of a closure create.
  public convenience init(@LayerBuilder _ layers: () -> [Layer]) { self.init(layers()) }

  /// Creates a sequence of layers, which run in this order.
  public required init(arrayLiteral layers: Layer...) {
    children = Children(of: "Sequential", layers)
  }

  /// Creates a sequence of layers with names; see ``init(_:)-(KeyValuePairs<String,Layer>)``.
  public required init(dictionaryLiteral layers: (String, Layer)...) {
    children = Children(of: "Sequential", named: layers)
  }

  private init(_ children: Children<Layer>) { self.children = children }

  /// The layers, in the order in which they run.
  public var layers: [Layer] { children.modules }
  /// The number of layers.
  public var count: Int { children.entries.count }
  /// An iterator over the layers.
  public func makeIterator() -> IndexingIterator<[Layer]> { layers.makeIterator() }

  /// A layer by its index; negative indices count from the end, and an index without a layer traps.
  public subscript(index: Int) -> Layer {
    get { children[index] }
    set { children[index] = newValue }
  }

  /// A layer by its name, or nil if there is none; setting a new name appends a layer, and setting nil removes one.
  public subscript(name: String) -> Layer? {
    get { children[name] }
    set { children[name] = newValue }
  }

  /// The layers in a range, not copied, with the names that they have here.
  public subscript(range: some RangeExpression<Int>) -> Sequential {
    Sequential(children.slice(range))
  }

  /// Adds a layer at the end, named after its index unless a name is given.
  public func append(_ layer: Layer, named name: String? = nil) {
    children.append(layer, named: name)
  }

  /// Inserts a layer before the one at `index`; numbers in later names move up.
  public func insert(_ layer: Layer, at index: Int) { children.insert(layer, at: index) }

  /// Removes and returns a layer; numbers in later names move down.
  @discardableResult
  public func remove(at index: Int) -> Layer { children.remove(at: index) }

  /// The layers, then the members of a subclass.
  open override var namedMembers: [(name: String, value: Any)] {
    children.members + super.namedMembers
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
        output = linear.call { linear.forward(input, relu: true) }
        relu.call { output.reportFused("relu()") }
        index += 2
      } else {
        output = entries[index].module(output)
        index += 1
      }
    }
    return output
  }
}
