/// The parts that make up a mesh.
enum MeshPart: UInt32, Sendable {
  case vertex = 1
  case face = 2
  case color = 3

  var suffix: String {
    switch self {
    case .vertex: "VERTEX"
    case .face: "FACE"
    case .color: "COLOR"
    }
  }
}
