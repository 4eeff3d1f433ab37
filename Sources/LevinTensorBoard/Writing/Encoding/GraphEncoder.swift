internal import CTensorBoardProtos

/// Encodes graphs with protobuf-c.
enum GraphEncoder {
  /// A `GraphDef` with shapes and dtypes as attributes.
  static func encode(_ graph: GraphSummary) -> [UInt8] {
    let arena = Arena()
    let message = arena.make(levin__graph__init)
    message.pointee.n_node = graph.nodes.count
    message.pointee.node = arena.list(graph.nodes.map { Optional(node($0, arena)) })
    let versions = arena.make(levin__graph_versions__init)
    versions.pointee.producer = 22
    message.pointee.versions = versions
    return packed(message, size: levin__graph__get_packed_size, pack: levin__graph__pack)
  }

  /// The run metadata that the Graphs tab expects with a graph: one device.
  static func runMetadata() -> [UInt8] {
    let arena = Arena()
    let device = arena.make(levin__device_step_stats__init)
    device.pointee.device = arena.string("/device:CPU:0")
    let steps = arena.make(levin__step_stats__init)
    steps.pointee.n_dev_stats = 1
    steps.pointee.dev_stats = arena.list([Optional(device)])
    let message = arena.make(levin__run_metadata__init)
    message.pointee.step_stats = steps
    return packed(
      message, size: levin__run_metadata__get_packed_size, pack: levin__run_metadata__pack)
  }

  private static func node(
    _ node: GraphSummary.Node, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__GraphNode> {
    let message = arena.make(levin__graph_node__init)
    message.pointee.name = arena.text(node.name)
    message.pointee.op = arena.text(node.operation)
    message.pointee.n_input = node.inputs.count
    message.pointee.input = arena.list(node.inputs.map(arena.text))
    var attributes = [attribute("attr", text(node.attributes, arena), arena)]
    if let sizes = node.outputShape {
      let list = arena.make(levin__attribute_list__init)
      list.pointee.n_shape = 1
      list.pointee.shape = arena.list([Optional(EventEncoder.shape(sizes, arena))])
      let value = arena.make(levin__attribute_value__init)
      value.pointee.value_case = LEVIN__ATTRIBUTE_VALUE__VALUE_LIST
      value.pointee.list = list
      attributes.append(attribute("_output_shapes", value, arena))
    }
    if let dtype = node.dtype {
      let value = arena.make(levin__attribute_value__init)
      value.pointee.value_case = LEVIN__ATTRIBUTE_VALUE__VALUE_TYPE
      value.pointee.type = dtype.code
      attributes.append(attribute("T", value, arena))
    }
    message.pointee.n_attr = attributes.count
    message.pointee.attr = arena.list(attributes)
    return message
  }

  private static func text(
    _ text: String, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__AttributeValue> {
    let value = arena.make(levin__attribute_value__init)
    value.pointee.value_case = LEVIN__ATTRIBUTE_VALUE__VALUE_S
    value.pointee.s = arena.bytes(Array(text.utf8))
    return value
  }

  private static func attribute(
    _ key: String, _ value: UnsafeMutablePointer<Levin__AttributeValue>, _ arena: Arena
  ) -> UnsafeMutablePointer<Levin__GraphNode__Attribute>? {
    let entry = arena.make(levin__graph_node__attribute__init)
    entry.pointee.key = arena.string(key)
    entry.pointee.value = value
    return entry
  }
}

extension GraphSummary.DType {
  fileprivate var code: Levin__DataType {
    switch self {
    case .float32: LEVIN__DATA_TYPE__DT_FLOAT
    case .float64: LEVIN__DATA_TYPE__DT_DOUBLE
    case .int32: LEVIN__DATA_TYPE__DT_INT32
    case .int64: LEVIN__DATA_TYPE__DT_INT64
    case .uint8: LEVIN__DATA_TYPE__DT_UINT8
    case .bool: LEVIN__DATA_TYPE__DT_BOOL
    }
  }
}
