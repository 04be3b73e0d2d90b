#include "core/files/s3/client.hpp"

#include <algorithm>

#include "core/files/s3/credentials.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/pause.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/http/httplib_transport.hpp"

namespace devy::s3 {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::chrono::milliseconds pause_first{200}, pause_max{10'000};

Error refused_error(int status, const Fault& fault) {
  const auto said = fault.code.empty() ? "status " + std::to_string(status) : fault.code;
  std::string hint = "Check files.s3: key, bucket, region, and the rights of the key.";
  if (fault.code == "RequestTimeTooSkewed") hint = "Set this machine's clock; S3 has another time.";
  if (fault.code == "NoSuchBucket") hint = "Make the bucket, or check files.s3.bucket.";
  if (fault.code == "PermanentRedirect" || fault.code == "AuthorizationHeaderMalformed")
    hint = "Check files.s3.region and files.s3.endpoint: the bucket is somewhere else.";
  return {ErrorKind::config, "unable to use S3: it refuses with " + said, std::move(hint),
          "s3_refused"};
}

}  // namespace

Client::Client(const config::FilesS3& settings, Means means)
    : settings_(settings), means_(std::move(means)) {
  const auto host_begin = settings.endpoint.find("://") + 3;
  scheme_ = settings.endpoint.substr(0, host_begin);
  host_ = settings.endpoint.substr(host_begin);
  // A port that is the scheme's own stands in no header Host.
  const std::string own_port = scheme_ == "https://" ? ":443" : ":80";
  if (host_.ends_with(own_port)) host_.resize(host_.size() - own_port.size());
  if (!settings.path_style) host_ = settings.bucket + "." + host_;
}

const Credentials& Client::credentials() {
  if (!credentials_) credentials_ = read_credentials(settings_.credentials_file);
  return *credentials_;
}

http::Headers Client::encryption() const {
  if (settings_.sse.empty()) return {};
  return {{"x-amz-server-side-encryption", settings_.sse}};
}

PlainRequest Client::plain_request(const Call& call) const {
  PlainRequest request{.method = call.method, .host = host_};
  request.path = (settings_.path_style ? "/" + settings_.bucket : std::string()) +
                 (call.key.empty() && settings_.path_style ? "" : "/" + call.key);
  request.query = call.query;
  request.headers = call.headers;
  request.payload_sha256 =
      call.payload_sha256.empty() ? base::to_hex(base::sha256(call.body)) : call.payload_sha256;
  return request;
}

Client::Answer Client::ask_once(const Call& call, const http::OnBody& on_bytes) {
  const auto plain = plain_request(call);
  http::Request request;
  request.method = call.method;
  request.url = scheme_ + host_ + target_of(plain);
  request.headers = sign(plain, {credentials(), settings_.region, means_.clock.now()});
  request.body = call.body;
  request.file = call.file;
  request.answer_bytes_max = call.answer_bytes_max;
  const std::string counted = std::string("s3_requests.") + call.name + ".";
  try {
    Answer answer{means_.transport->send(request, on_bytes)};
    base::count(counted + std::to_string(answer.response.status));
    answer.fault = fault_in(answer.response.body);
    answer.weather = weather_of(answer.response.status, answer.fault.code);
    return answer;
  } catch (const Error& error) {
    base::count(counted + "none");
    if (!base::is_passing(error.kind())) throw;
    return {{}, Weather::passing, {error.code(), error.text()}};
  }
}

Client::Answer Client::ask(const Call& call, const http::OnBody& on_bytes) {
  bool is_fresh = !credentials_;
  for (int tries = 1;; ++tries) {
    if (means_.stop.stop_requested())
      throw Error(ErrorKind::stopped, "the work on S3 is to stop", "", "stopped");
    auto answer = ask_once(call, on_bytes);
    switch (answer.weather) {
      case Weather::good:
      case Weather::absent: return answer;
      case Weather::refused: throw refused_error(answer.response.status, answer.fault);
      case Weather::strange:
        throw Error(ErrorKind::internal,
                    std::string("unable to use S3: it answers ") + call.name + " with " +
                        std::to_string(answer.response.status) + " " + answer.fault.code,
                    "Is files.s3.endpoint the address of an S3?", "s3_answer");
      case Weather::expired:
        if (is_fresh) throw refused_error(answer.response.status, answer.fault);
        credentials_.reset();
        is_fresh = true;
        continue;
      case Weather::passing: break;
    }
    if (tries >= means_.tries_max)
      throw Error(ErrorKind::unavailable,
                  std::string("unable to use S3: ") +
                      (answer.fault.code.empty()
                           ? "it answers with " + std::to_string(answer.response.status)
                           : answer.fault.code),
                  "It is tried again later.", "s3_unavailable");
    pause(tries);
  }
}

// 0.2 s, doubled with each try, of which a random part, so that not all who wait come back at once.
void Client::pause(int tries) {
  const auto longest = std::min(pause_max, pause_first * (1U << static_cast<unsigned>(tries - 1)));
  const std::chrono::milliseconds time(static_cast<std::int64_t>(
      means_.random.between(0.5, 1.0) * static_cast<double>(longest.count())));
  if (means_.pause) means_.pause(time);
  else base::pause_for(means_.stop, time);
}

void Client::put(const std::string& key, const http::FileRange& bytes, const base::Sha256& sha256) {
  static_cast<void>(ask({.name = "put",
                         .method = "PUT",
                         .key = key,
                         .headers = encryption(),
                         .file = bytes,
                         .payload_sha256 = base::to_hex(sha256)}));
}

std::optional<std::uint64_t> Client::size_of(const std::string& key) {
  const auto answer = ask({.name = "head", .method = "HEAD", .key = key});
  if (answer.weather == Weather::absent) return std::nullopt;
  return std::stoull("0" + std::string(answer.response.header("Content-Length")));
}

void Client::remove(const std::string& key) {
  static_cast<void>(ask({.name = "delete", .method = "DELETE", .key = key}));
}

bool Client::get(const std::string& key, std::uint64_t bytes_max, const http::OnBody& on_bytes) {
  // An answer that was cut has given its pieces away: whoever wants it begins again.
  const int tries = std::exchange(means_.tries_max, 1);
  try {
    const auto answer =
        ask({.name = "get", .method = "GET", .key = key, .answer_bytes_max = bytes_max}, on_bytes);
    means_.tries_max = tries;
    return answer.weather == Weather::good;
  } catch (...) {
    means_.tries_max = tries;
    throw;
  }
}

std::string Client::address(const std::string& key, const Delivery& delivery) {
  auto plain = plain_request({.name = "get", .method = delivery.method, .key = key});
  plain.payload_sha256 = "UNSIGNED-PAYLOAD";
  plain.query = {{"response-content-type", delivery.media_type},
                 {"response-content-disposition", delivery.disposition},
                 {"response-cache-control", delivery.cache_control}};
  std::erase_if(plain.query, [](const auto& parameter) { return parameter.second.empty(); });
  return scheme_ + host_ +
         presign(plain, {credentials(), settings_.region, means_.clock.now()}, delivery.life);
}

std::unique_ptr<Client> make_quick_client(const config::FilesS3& settings) {
  http::TransportOptions options;
  options.ca_file = settings.ca_file;
  options.connect_timeout = std::chrono::seconds(2);
  options.read_timeout = std::chrono::seconds(5);
  options.answer_timeout = std::chrono::seconds(15);
  return std::make_unique<Client>(settings, Means{http::make_httplib_transport(options),
                                                  base::system_clock(),
                                                  base::system_random(),
                                                  {},
                                                  1,
                                                  nullptr});
}

std::unique_ptr<Client> make_client(const config::FilesS3& settings, std::stop_token stop,
                                    int tries_max) {
  http::TransportOptions options;
  options.ca_file = settings.ca_file;
  options.answer_timeout = std::chrono::hours(1);  // of one content
  options.keeps_connection = true;
  return std::make_unique<Client>(
      settings, Means{http::make_httplib_transport(options), base::system_clock(),
                      base::system_random(), std::move(stop), tries_max, nullptr});
}

}  // namespace devy::s3
