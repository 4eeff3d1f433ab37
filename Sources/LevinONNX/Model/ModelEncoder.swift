internal import COnnxProtos
internal import CProtobufC
internal import LevinTensor

/// Where the data of an initializer is.
enum DataPlace {
  /// In the model's file, from this memory.
  case inside(UnsafeRawBufferPointer)
  /// In a file beside it.
  case external(file: String, offset: Int, length: Int)
}

/// Builds the messages of a model, whose memory is its own.
final class ModelEncoder {
  private var allocations: [UnsafeMutableRawPointer] = []

  deinit { for allocation in allocations { allocation.deallocate() } }

  /// Calls `append` with the bytes of the model's file, piece by piece; `places` are those of its initializers.
  func encode(
    _ model: ONNXModel, _ places: [DataPlace], _ append: @escaping (UnsafeRawBufferPointer) -> Void
  ) {
    let message = message(model, places)
    var sink = Sink(
      base: ProtobufCBuffer { buffer, count, bytes in
        buffer.map { UnsafeRawPointer($0).assumingMemoryBound(to: Sink.self).pointee }?
          .append(UnsafeRawBufferPointer(start: bytes, count: count))
      }, append: append)
    withUnsafeMutablePointer(to: &sink) { sink in
      _ = UnsafeMutableRawPointer(sink).withMemoryRebound(to: ProtobufCBuffer.self, capacity: 1) {
        onnx__model__pack_to_buffer(message, $0)
      }
    }
  }

  /// What protobuf-c takes for its buffer, with where the bytes go.
  private struct Sink {
    var base: ProtobufCBuffer
    let append: (UnsafeRawBufferPointer) -> Void
  }

  // MARK: Messages

  private func message(
    _ model: ONNXModel, _ places: [DataPlace]
  ) -> UnsafeMutablePointer<Onnx__Model> {
    let result = make(onnx__model__init)
    result.pointee.ir_version = ONNXModel.irVersion
    result.pointee.producer_name = string("levin")
    result.pointee.producer_version = string(model.producerVersion)
    result.pointee.graph = graph(model, places)
    let opset = make(onnx__operator_set__init)
    opset.pointee.version = ONNXModel.opset
    (result.pointee.opset_import, result.pointee.n_opset_import) = list([opset])
    (result.pointee.metadata_props, result.pointee.n_metadata_props) = list(
      model.metadata.map(entry))
    return result
  }

  private func graph(
    _ model: ONNXModel, _ places: [DataPlace]
  ) -> UnsafeMutablePointer<Onnx__Graph> {
    let result = make(onnx__graph__init)
    result.pointee.name = text(model.name)
    (result.pointee.node, result.pointee.n_node) = list(model.nodes.map(node))
    (result.pointee.initializer, result.pointee.n_initializer) = list(
      zip(model.initializers, places).map { tensor($0.name, $0.tensor, $1) })
    (result.pointee.input, result.pointee.n_input) = list(model.inputs.map(port))
    (result.pointee.output, result.pointee.n_output) = list(model.outputs.map(port))
    return result
  }

  private func node(_ node: ONNXModel.Node) -> UnsafeMutablePointer<Onnx__Node> {
    let result = make(onnx__node__init)
    result.pointee.name = text(node.name)
    result.pointee.op_type = string(node.operation)
    (result.pointee.input, result.pointee.n_input) = values(node.inputs.map(text))
    (result.pointee.output, result.pointee.n_output) = values(node.outputs.map(text))
    (result.pointee.attribute, result.pointee.n_attribute) = list(node.attributes.map(attribute))
    return result
  }

  private func attribute(
    _ attribute: ONNXModel.Attribute
  ) -> UnsafeMutablePointer<Onnx__Attribute> {
    let result = make(onnx__attribute__init)
    result.pointee.name = string(attribute.name)
    switch attribute.value {
    case .int(let value):
      result.pointee.type = ONNX__ATTRIBUTE_TYPE__AN_INT
      result.pointee.i = Int64(value)
    case .ints(let numbers):
      result.pointee.type = ONNX__ATTRIBUTE_TYPE__INTS
      (result.pointee.ints, result.pointee.n_ints) = values(numbers.map(Int64.init))
    case .float(let value):
      result.pointee.type = ONNX__ATTRIBUTE_TYPE__A_FLOAT
      result.pointee.f = Float(value)
    case .string(let value):
      result.pointee.type = ONNX__ATTRIBUTE_TYPE__A_STRING
      result.pointee.s = text(value)
    }
    return result
  }

  private func tensor(
    _ name: String, _ tensor: Tensor, _ place: DataPlace
  ) -> UnsafeMutablePointer<Onnx__Tensor> {
    let result = make(onnx__tensor__init)
    result.pointee.name = text(name)
    result.pointee.data_type = Self.elementType(tensor.dtype)
    (result.pointee.dims, result.pointee.n_dims) = values(tensor.shape.map(Int64.init))
    switch place {
    case .inside(let bytes):
      let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
      result.pointee.raw_data = ProtobufCBinaryData(
        len: bytes.count, data: start?.assumingMemoryBound(to: UInt8.self))
    case .external(let file, let offset, let length):
      result.pointee.data_location = ONNX__TENSOR__LOCATION__EXTERNAL
      (result.pointee.external_data, result.pointee.n_external_data) = list(
        [("location", file), ("offset", "\(offset)"), ("length", "\(length)")].map(entry))
    }
    return result
  }

  private func port(_ port: ONNXModel.Port) -> UnsafeMutablePointer<Onnx__Value> {
    let shape = make(onnx__shape__init)
    (shape.pointee.dim, shape.pointee.n_dim) = list(port.shape.map(dimension))
    let tensor = make(onnx__type__of_tensor__init)
    tensor.pointee.elem_type = Self.elementType(port.dtype)
    tensor.pointee.shape = shape
    let type = make(onnx__type__init)
    type.pointee.value_case = ONNX__TYPE__VALUE_TENSOR_TYPE
    type.pointee.tensor_type = tensor
    let result = make(onnx__value__init)
    result.pointee.name = text(port.name)
    result.pointee.type = type
    return result
  }

  private func dimension(
    _ size: ONNXModel.Size
  ) -> UnsafeMutablePointer<Onnx__Shape__Dimension> {
    let result = make(onnx__shape__dimension__init)
    switch size {
    case .fixed(let size):
      result.pointee.value_case = ONNX__SHAPE__DIMENSION__VALUE_SIZE
      result.pointee.size = Int64(size)
    case .named(let name):
      result.pointee.value_case = ONNX__SHAPE__DIMENSION__VALUE_NAME
      result.pointee.name = text(name)
    }
    return result
  }

  private func entry(_ key: String, _ value: String) -> UnsafeMutablePointer<Onnx__Entry> {
    let result = make(onnx__entry__init)
    result.pointee.key = text(key)
    result.pointee.value = text(value)
    return result
  }

  private static func elementType(_ dtype: DType) -> Onnx__ElementType {
    switch dtype {
    case .float32: ONNX__ELEMENT_TYPE__FLOAT
    case .float64: ONNX__ELEMENT_TYPE__DOUBLE
    case .int32: ONNX__ELEMENT_TYPE__INT32
    case .int64: ONNX__ELEMENT_TYPE__INT64
    case .uint8: ONNX__ELEMENT_TYPE__UINT8
    case .bool: ONNX__ELEMENT_TYPE__BOOL
    case .float16: ONNX__ELEMENT_TYPE__FLOAT16
    case .bfloat16: ONNX__ELEMENT_TYPE__BFLOAT16
    }
  }

  // MARK: Memory

  private func make<T>(
    _ initialize: (UnsafeMutablePointer<T>?) -> Void
  ) -> UnsafeMutablePointer<T> {
    let pointer = allocate(T.self, 1)
    initialize(pointer)
    return pointer
  }

  private func allocate<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: MemoryLayout<T>.stride * count, alignment: MemoryLayout<T>.alignment)
    allocations.append(memory)
    return memory.bindMemory(to: T.self, capacity: count)
  }

  private func values<T>(_ items: [T]) -> (UnsafeMutablePointer<T>?, Int) {
    let pointer = allocate(T.self, items.count)
    pointer.initialize(from: items, count: items.count)
    return (pointer, items.count)
  }

  private func list<T>(
    _ messages: [UnsafeMutablePointer<T>]
  ) -> (UnsafeMutablePointer<UnsafeMutablePointer<T>?>?, Int) {
    values(messages.map { Optional($0) })
  }

  /// UTF-8 that may contain zero bytes, as any text of the user may.
  private func text(_ text: String) -> ProtobufCBinaryData {
    let (data, count) = values(Array(text.utf8))
    return ProtobufCBinaryData(len: count, data: data)
  }

  /// A C string; for texts without zero bytes.
  private func string(_ text: String) -> UnsafeMutablePointer<CChar>? {
    values(text.utf8CString.map { $0 }).0
  }
}
