/// A list of modules named `0`, `1` and so on, which a model calls itself, as `torch.nn.ModuleList`.
///
/// The modules in an array are found, too; unlike an array, a list can be shared.
public final class ModuleList<Element: Module>: Module, Sequence, ExpressibleByArrayLiteral {
  private let children: Children<Element>

  /// Creates a list of modules.
  public init(_ modules: [Element] = []) { children = Children(of: "ModuleList", modules) }

  /// Creates a list of modules.
  public convenience init(arrayLiteral modules: Element...) { self.init(modules) }

  private init(_ children: Children<Element>) { self.children = children }

  /// The modules.
  public var modules: [Element] { children.modules }
  /// The number of modules.
  public var count: Int { children.entries.count }
  /// An iterator over the modules.
  public func makeIterator() -> IndexingIterator<[Element]> { modules.makeIterator() }

  /// A module by its index; negative indices count from the end, and an index without a module traps.
  public subscript(index: Int) -> Element {
    get { children[index] }
    set { children[index] = newValue }
  }

  /// The modules in a range, not copied, and numbered from 0.
  public subscript(range: some RangeExpression<Int>) -> ModuleList {
    ModuleList(children.slice(range).modules)
  }

  /// Adds a module at the end.
  public func append(_ module: Element) { children.append(module) }
  /// Adds modules at the end.
  public func append(contentsOf modules: some Sequence<Element>) {
    for module in modules { children.append(module) }
  }
  /// Inserts a module before the one at `index`; later ones move up.
  public func insert(_ module: Element, at index: Int) { children.insert(module, at: index) }
  /// Removes and returns a module; later ones move down.
  @discardableResult
  public func remove(at index: Int) -> Element { children.remove(at: index) }

  public override var namedMembers: [(name: String, value: Any)] { children.members }
}
