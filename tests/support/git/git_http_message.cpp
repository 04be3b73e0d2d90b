#include "tests/support/git/git_http_message.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "tests/support/git/git_run.hpp"

namespace devy::testing {
namespace {

constexpr std::size_t head_bytes_max = std::size_t{64} * 1024;

// Reads from a socket with what is left over kept for the next call.
class Reader {
 public:
  explicit Reader(HttpStream& stream) : stream_(stream) {}

  std::optional<std::string> until(std::string_view mark) {
    for (;;) {
      if (const auto at = buffer_.find(mark); at != std::string::npos) {
        auto text = buffer_.substr(0, at);
        buffer_.erase(0, at + mark.size());
        return text;
      }
      if (buffer_.size() > head_bytes_max || !more()) return std::nullopt;
    }
  }
  std::optional<std::string> exactly(std::size_t size) {
    while (buffer_.size() < size)
      if (!more()) return std::nullopt;
    auto text = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return text;
  }

 private:
  bool more() {
    std::array<char, 65536> bytes{};
    const auto count = stream_.read(bytes.data(), bytes.size());
    if (count > 0) buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    return count > 0;
  }
  HttpStream& stream_;
  std::string buffer_;
};

std::string trim(std::string_view text) {
  while (text.starts_with(' '))
    text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\r'))
    text.remove_suffix(1);
  return std::string(text);
}

std::string to_lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::map<std::string, std::string> parse_headers(std::string_view text) {
  std::map<std::string, std::string> headers;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto colon = line.find(':');
    if (colon == line.npos) continue;
    headers[to_lower(trim(line.substr(0, colon)))] = trim(line.substr(colon + 1));
  }
  return headers;
}

std::optional<std::string> read_chunks(Reader& reader) {
  std::string body;
  for (;;) {
    const auto line = reader.until("\r\n");
    std::size_t size = 0;
    if (!line ||
        std::from_chars(line->data(), line->data() + line->size(), size, 16).ec != std::errc{})
      return std::nullopt;
    const auto chunk = reader.exactly(size + 2);
    if (!chunk) return std::nullopt;
    if (size == 0) return body;
    body.append(*chunk, 0, size);
  }
}

}  // namespace

std::string HttpRequest::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

std::optional<HttpRequest> read_request(HttpStream& stream) {
  Reader reader(stream);
  const auto head = reader.until("\r\n\r\n");
  if (!head) return std::nullopt;
  const auto first = head->substr(0, head->find("\r\n"));
  const auto blank = first.find(' ');
  const auto second = first.find(' ', blank + 1);
  if (blank == first.npos || second == first.npos) return std::nullopt;
  HttpRequest request;
  request.method = first.substr(0, blank);
  const auto target = first.substr(blank + 1, second - blank - 1);
  const auto question = target.find('?');
  request.path = target.substr(0, question);
  if (question != target.npos) request.query = target.substr(question + 1);
  request.headers = parse_headers(std::string_view(*head).substr(first.size()));
  if (to_lower(request.header("expect")) == "100-continue")
    stream.write("HTTP/1.1 100 Continue\r\n\r\n");
  std::optional<std::string> body;
  if (to_lower(request.header("transfer-encoding")) == "chunked") {
    body = read_chunks(reader);
  } else {
    const auto length = request.header("content-length");
    body = reader.exactly(length.empty() ? 0 : std::stoull(length));
  }
  if (!body) return std::nullopt;
  request.body = std::move(*body);
  return request;
}

std::string make_answer(int status, std::string_view extra_headers) {
  const std::string body = "status " + std::to_string(status) + "\n";
  return "HTTP/1.1 " + std::to_string(status) + " Answer\r\n" + std::string(extra_headers) +
         "Content-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\nConnection: close\r\n\r\n" + body;
}

std::string base64_decode(std::string_view text) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned collected = 0;
  int bits = 0;
  for (const char c : text) {
    const auto value = digits.find(c);
    if (value == digits.npos) break;
    collected = (collected << 6U | static_cast<unsigned>(value)) & 0xffffffU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(collected >> static_cast<unsigned>(bits) & 0xffU);
  }
  return bytes;
}

std::string call_backend(const BackendCall& call) {
  const auto& request = call.request;
  std::vector<std::string> arguments;
  if (call.allows_any_commit) arguments = {"-c", "uploadpack.allowAnySHA1InWant=true"};
  arguments.emplace_back("http-backend");
  const auto result = run_git(
      {.arguments = arguments,
       .input = request.body,
       .environment = {
           "GIT_PROJECT_ROOT=" + call.root, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=tester",
           "REMOTE_ADDR=127.0.0.1", "PATH_INFO=" + request.path, "REQUEST_METHOD=" + request.method,
           "QUERY_STRING=" + request.query, "CONTENT_TYPE=" + request.header("content-type"),
           "CONTENT_LENGTH=" + std::to_string(request.body.size()),
           "HTTP_CONTENT_ENCODING=" + request.header("content-encoding"),
           "GIT_PROTOCOL=" + (call.knows_version_2 ? request.header("git-protocol") : "")}});
  const auto end = result.output.find("\r\n\r\n");
  if (end == std::string::npos) return make_answer(500);
  const auto head = result.output.substr(0, end + 2);
  const auto headers = parse_headers(head);
  const auto status = headers.find("status");
  const auto body = std::string_view(result.output).substr(end + 4);
  return "HTTP/1.1 " + (status == headers.end() ? std::string("200 OK") : status->second) + "\r\n" +
         head + "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" +
         std::string(body);
}

}  // namespace devy::testing
