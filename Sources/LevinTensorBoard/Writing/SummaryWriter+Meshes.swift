extension SummaryWriter {
  /// Adds a mesh, or without faces a point cloud.
  ///
  /// Traps if sizes do not match.
  ///
  /// - Parameters:
  ///   - vertices: x, y and z of each point.
  ///   - colors: Red, green and blue (0…255) of each point; as many as vertices.
  ///   - faces: Three indices of vertices for each triangle.
  ///   - configuration: JSON for the viewer: camera, lights, materials.
  public func addMesh(
    _ tag: String, vertices: [[Float]], colors: [[Int]]? = nil, faces: [[Int]]? = nil,
    configuration: String = "{}", step: Int = 0, wallTime: Double? = nil
  ) {
    func check(_ name: String, _ rows: [[some Any]]) {
      guard let row = rows.first(where: { $0.count != 3 }) else { return }
      refuse(
        "addMesh", tag, found: "\(row.count) numbers among the \(name)",
        expected: "three for each of the \(name)")
    }
    check("vertices", vertices)
    check("colors", colors ?? [])
    check("faces", faces ?? [])
    if let colors, colors.count != vertices.count {
      refuse(
        "addMesh", tag, found: "\(colors.count) colors for \(vertices.count) vertices",
        expected: "one for each")
    }
    var parts: [(MeshPart, [[Float]])] = [(.vertex, vertices)]
    if let faces { parts.append((.face, faces.map { $0.map { Float($0) } })) }
    if let colors { parts.append((.color, colors.map { $0.map { Float($0) } })) }
    for (part, rows) in parts {
      let shape = [1, rows.count, 3]
      add(
        "\(tag)_\(part.suffix)",
        .tensor(TensorSummary(shape: shape, values: .floats(rows.flatMap { $0 }))),
        SummaryMetadata(
          plugin: "mesh",
          content: PluginEncoder.mesh(
            name: tag, part: part, shape: shape, parts: parts.map(\.0), configuration: configuration
          )),
        step, wallTime)
    }
  }
}
