import Foundation
import Synchronization

/// A web server on loopback that serves one file, or spoils it in one of the ways that mirrors do.
final class MirrorServer: Sendable {
  enum Manner: Sendable, Equatable {
    case good, notFound, page, wrongBytes, tooLong
    /// Sends half of the requested bytes, then closes the connection.
    case breaksOff
    /// Sends half of the requested bytes, then nothing.
    case stalls
    /// Announces the largest possible length.
    case promisesEverything
    /// Ignores ranges and always sends the whole file.
    case ignoresRanges
    /// Redirects the client to another server, with a page that says so.
    case redirects(to: String)
  }
  struct Request: Sendable, Equatable {
    var path: String
    var firstByte: Int
  }

  let port: UInt16
  var address: String { "http://127.0.0.1:\(port)/" }
  var requests: [Request] { log.withLock { $0 } }

  private let log = Mutex<[Request]>([])
  private let manner: Manner
  private let content: [UInt8]
  private let listener: Int32

  init(_ manner: Manner, _ content: [UInt8]) throws {
    self.manner = manner
    self.content = content
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 8) == 0
          && getsockname(listener, $0, &length) == 0
      }
    }
    guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        guard let self else {
          close(connection)
          return
        }
        Thread.detachNewThread { self.answer(connection) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func answer(_ connection: Int32) {
    defer { close(connection) }
    var request = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.contains("\r\n\r\n") {
      let count = recv(connection, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      request += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = request.components(separatedBy: "\r\n")
    let path = lines[0].components(separatedBy: " ")[1]
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let asked = range.flatMap { Int($0.dropFirst(13).prefix { $0 != "-" }) } ?? 0
    log.withLock { $0.append(Request(path: path, firstByte: asked)) }

    switch manner {
    case .notFound: return send(connection, "404 Not Found", "text/plain", Array("no".utf8))
    case .page: return send(connection, "200 OK", "text/html; charset=utf-8", Array("<html>".utf8))
    case .wrongBytes:
      let wrong = content.map { $0 ^ 1 }
      return send(connection, "200 OK", "application/gzip", wrong)
    case .tooLong: return send(connection, "200 OK", "application/gzip", content + [0])
    case .ignoresRanges: return send(connection, "200 OK", "application/gzip", content)
    case .redirects(let other):
      return send(
        connection, "302 Found", "text/html", Array("<html>".utf8),
        header: "Location: \(other)\(path.dropFirst())\r\n")
    case .good, .breaksOff, .stalls, .promisesEverything: break
    }
    let part = Array(content[asked...])
    let isCut = manner != .good && asked == 0
    let status = asked > 0 ? "206 Partial Content" : "200 OK"
    let header =
      asked > 0 ? "Content-Range: bytes \(asked)-\(content.count - 1)/\(content.count)\r\n" : ""
    send(
      connection, status, "application/gzip", isCut ? Array(part[..<(part.count / 2)]) : part,
      header: header, promised: manner == .promisesEverything ? .max : part.count)
    // Until the client hangs up.
    if isCut && manner == .stalls { _ = recv(connection, &buffer, 1, 0) }
  }

  private func send(
    _ connection: Int32, _ status: String, _ type: String, _ body: [UInt8], header: String = "",
    promised: Int? = nil
  ) {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(promised ?? body.count)\r\n"
      + "\(header)Connection: close\r\n\r\n"
    var rest = (Array(head.utf8) + body)[...]
    while !rest.isEmpty {
      let sent = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard sent > 0 else { return }
      rest = rest.dropFirst(sent)
    }
  }
}
