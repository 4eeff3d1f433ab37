/// Modules in a list, named `0`, `1` and so on, which a model calls as it likes; as `torch.nn.ModuleList`.
///
/// An array of modules is found just as well; a list can be shared.
public final class ModuleList<Element: Module>: Module, Sequence, ExpressibleByArrayLiteral {
  private let children: Children<Element>

  /// A list of modules.
  public init(_ modules: [Element] = []) { children = Children(of: "ModuleList", modules) }

  /// A list of modules.
  public convenience init(arrayLiteral modules: Element...) { self.init(modules) }

  private init(_ children: Children<Element>) { self.children = children }

  /// The modules.
  public var modules: [Element] { children.modules }
  /// How many modules there are.
  public var count: Int { children.entries.count }
  /// Goes over the modules.
  public func makeIterator() -> IndexingIterator<[Element]> { modules.makeIterator() }

  /// A module by its place, from the end where negative; traps where there is none.
  public subscript(index: Int) -> Element {
    get { children[index] }
    set { children[index] = newValue }
  }

  /// The modules in a range, themselves and not copies, numbered anew.
  public subscript(range: some RangeExpression<Int>) -> ModuleList {
    ModuleList(children.slice(range).modules)
  }

  /// Adds a module at the end.
  public func append(_ module: Element) { children.append(module) }
  /// Adds modules at the end.
  public func append(contentsOf modules: some Sequence<Element>) {
    for module in modules { children.append(module) }
  }
  /// Puts a module before the one at `index`; those behind move up.
  public func insert(_ module: Element, at index: Int) { children.insert(module, at: index) }
  /// Takes a module out; those behind move down.
  @discardableResult
  public func remove(at index: Int) -> Element { children.remove(at: index) }

  public override var ownMembers: [(name: String, value: Any)] { children.members }
}
