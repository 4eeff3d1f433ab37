extension Tensor {
  /// Which of `known` this tensor is, or, by the recorded operations, was computed from; the nearest ones, as
  /// indices.
  package func sources(among known: [Tensor]) -> [Int] {
    if let same = known.lastIndex(where: { $0.storage === storage }) { return [same] }
    var nodes: [ObjectIdentifier: Int] = [:]
    for (index, tensor) in known.enumerated() {
      if let node = tensor.node { nodes[ObjectIdentifier(node)] = index }
    }
    var found: Set<Int> = []
    var seen: Set<ObjectIdentifier> = []
    var open = node.map { [$0] } ?? []
    while let node = open.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      if let index = nodes[ObjectIdentifier(node)] {
        found.insert(index)
      } else {
        node.forEachInput { open.append($0) }
      }
    }
    return found.sorted()
  }
}
