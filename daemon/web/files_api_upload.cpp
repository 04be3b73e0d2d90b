#include "daemon/web/files_api_upload.hpp"

#include "core/files/intake/file_name.hpp"
#include "core/files/intake/upload_json.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/query.hpp"
#include "daemon/web/api_answer.hpp"
#include "daemon/web/files_api_answer.hpp"

namespace devy::daemon {
namespace {

using base::Error;
using base::ErrorKind;
using json::Json;

constexpr std::uint64_t json_slack_bytes = config::mebibyte;  // names, keys, line ends

// Has what all uploads share: a place, a batch, and how errors become answers.
class UploadSink : public server::BodySink {
 public:
  UploadSink(FilesCall& call, receive::Purpose purpose, std::string protocol, std::uint64_t bytes)
      : parts_(call.parts),
        disk_(call.parts.depot.disk(call.connection)),
        place_(std::in_place, call.parts.depot.admit(disk_, purpose.owner, bytes)),
        purpose_(std::move(purpose)),
        protocol_(std::move(protocol)),
        batch_(std::in_place, call.parts.config.files, disk_, purpose_) {}

  std::optional<http::Response> take(std::string_view slice) final {
    parts_.counters.count("received_bytes", static_cast<std::int64_t>(slice.size()));
    return guarded_by([&]() -> std::optional<http::Response> {
      receive(slice);
      return std::nullopt;
    });
  }

  http::Response finish() final {
    return *guarded_by([&]() -> std::optional<http::Response> {
      receive_end();
      auto stored = store();
      parts_.depot.settle(stored.files, disk_, parts_.with_connection());
      auto response = answer(stored);
      parts_.counters.count("uploads." + protocol_ + ".ok");
      end();
      return response;
    });
  }

  void broken(std::string_view reason) noexcept final {
    try {
      end();
      parts_.counters.count("uploads." + protocol_ + ".broken");
      base::log::info("upload broken off", {{"reason", reason}});
    } catch (const std::exception&) {
      // Nobody is left who could be told.
    }
  }

 protected:
  virtual void receive(std::string_view slice) = 0;
  virtual void receive_end() = 0;
  [[nodiscard]] virtual http::Response answer(const receive::Stored& stored) = 0;
  [[nodiscard]] virtual receive::Stored store() {
    receive::Stored stored;
    parts_.sessions.with([&](pg::Connection& connection) { stored = batch_->store(connection); });
    return stored;
  }
  [[nodiscard]] receive::Batch& batch() { return *batch_; }
  [[nodiscard]] FilesParts& parts() { return parts_; }
  [[nodiscard]] const receive::Purpose& purpose() const { return purpose_; }

 private:
  // Before the answer: whoever has it finds nothing of the upload left.
  void end() {
    batch_.reset();
    place_.reset();
  }
  std::optional<http::Response> guarded_by(
      const std::function<std::optional<http::Response>()>& act) {
    try {
      return act();
    } catch (const intake::Malformed& malformed) {
      end();
      parts_.counters.count("uploads." + protocol_ + ".refused");
      return malformed_answer(malformed);
    } catch (const Error& error) {
      end();
      parts_.counters.count("uploads." + protocol_ + ".refused");
      return file_error_answer(error, "upload");
    }
  }

  FilesParts& parts_;
  storage::Disk& disk_;
  std::optional<receive::Place> place_;
  const receive::Purpose purpose_;
  const std::string protocol_;
  std::optional<receive::Batch> batch_;
};

Json stored_json(const receive::Stored& stored) {
  auto document = Json::object();
  if (!stored.token.empty()) {
    document.set("token", stored.token);
    document.set("expires_at", stored.expires_at);
  }
  document.set("files", json::json_array(stored.files, files::file_json));
  return document;
}

// The original's two routes.
class JsonSink final : public UploadSink, private intake::UploadHandler {
 public:
  JsonSink(FilesCall& call, receive::Purpose purpose, std::uint64_t bytes)
      : UploadSink(call, std::move(purpose), "json", bytes), reader_(*this) {}

 private:
  void receive(std::string_view slice) override { reader_.add(slice); }
  void receive_end() override { reader_.finish(); }
  http::Response answer(const receive::Stored& stored) override {
    if (purpose().is_temporary) return json_answer(200, stored_json(stored));
    return json_answer(
        200, Json::object(
                 {{"success", true}, {"files", json::json_array(stored.files, files::file_json)}}));
  }

  void begin_file() override { batch().begin_file(); }
  void content(std::string_view bytes) override { batch().write(bytes); }
  void end_file(const std::string& name) override { batch().end_file(name, ""); }

  intake::UploadReader reader_;
};

// POST /v1/files: the body is the file.
class RawSink final : public UploadSink {
 public:
  RawSink(FilesCall& call, receive::Purpose purpose, std::uint64_t bytes, std::string name,
          std::optional<base::Sha256> wanted)
      : UploadSink(call, std::move(purpose), "raw", bytes),
        name_(std::move(name)),
        type_(call.request.header("Content-Type")),
        wanted_(wanted) {
    batch().begin_file();
  }

 private:
  void receive(std::string_view slice) override { batch().write(slice); }
  void receive_end() override {
    batch().end_file(name_, type_);
    if (wanted_ && *wanted_ != batch().last_digest())
      throw Error(ErrorKind::rejected, "unable to take the file: its SHA-256 is another one",
                  "It was changed on its way, or the digest is another file's. Send it again.",
                  "digest_mismatch");
  }
  receive::Stored store() override {
    try {
      return UploadSink::store();
    } catch (const Error& error) {
      // The same key came twice at the same time, and the other one was first.
      constexpr std::string_view unique_violation = "23505";
      if (error.code() != unique_violation || purpose().request_key.empty()) throw;
      receive::Stored stored;
      parts().sessions.with([&](pg::Connection& connection) {
        if (auto file = files::find_request(connection, purpose().owner, purpose().request_key))
          stored.files.push_back(*std::move(file));
      });
      return stored;
    }
  }
  http::Response answer(const receive::Stored& stored) override {
    return json_answer(201, stored_json(stored));
  }

  const std::string name_, type_;
  const std::optional<base::Sha256> wanted_;
};

std::uint64_t announced_bytes(const server::ReceivedRequest& request) {
  return std::stoull("0" + std::string(request.header("Content-Length")));
}

server::Opening open_json(FilesCall& call, bool is_temporary) {
  const auto type = call.request.header("Content-Type");
  if (!base::is_same_word(base::trim_blanks(type.substr(0, type.find(';'))), "application/json"))
    return file_refusal(415, "unsupported_type", "the body must be JSON",
                        "Send `Content-Type: application/json`.");
  // Base64 takes four bytes for three.
  const auto bytes = announced_bytes(call.request) / 4 * 3;
  return std::make_shared<JsonSink>(call, receive::Purpose{call.owner, is_temporary, !is_temporary},
                                    bytes);
}

// The answer to a request that came before, with the same Idempotency-Key.
http::Response answer_again(FilesCall& call, const files::File& file) {
  receive::Stored stored{{file}, {}, {}};
  if (file.state == "temporary") {
    auto token = receive::make_token_text();
    stored.expires_at =
        files::renew_token(call.connection, file.id, call.owner, base::sha256(token),
                           call.parts.config.files.temporary_for);
    if (stored.expires_at) stored.token = std::move(token);
  }
  return json_answer(201, stored_json(stored));
}

server::Opening open_raw(FilesCall& call) {
  const auto query = server::read_query(call.request);
  const auto type = call.request.header("Content-Type");
  if (base::to_lower(type).starts_with("multipart/"))
    return file_refusal(415, "unsupported_type", "the body must be the file itself",
                        "Send one file as it is, and its name as `?name=`.");
  const auto temporary = query.line("temporary").value_or("false");
  if (temporary != "true" && temporary != "false")
    return file_refusal(400, "malformed", "temporary must be true or false");
  receive::Purpose purpose{call.owner, temporary == "true", false};
  std::optional<base::Sha256> wanted;
  if (const auto hex = query.line("sha256")) {
    wanted.emplace();
    if (!base::read_hex(*hex, *wanted))
      return file_refusal(400, "malformed", "sha256 must have 64 hexadecimal digits");
  }
  const auto key = call.request.header("Idempotency-Key");
  constexpr std::size_t key_bytes_max = 255;
  if (key.size() > key_bytes_max)
    return file_refusal(400, "malformed", "the Idempotency-Key is longer than 255 bytes");
  purpose.request_key = key;
  if (!purpose.request_key.empty())
    if (const auto file = files::find_request(call.connection, call.owner, purpose.request_key))
      return answer_again(call, *file);
  auto name = intake::file_name(query.line("name").value_or(""));
  const auto bytes = announced_bytes(call.request);
  if (bytes > call.parts.config.files.file_bytes_max)
    return file_refusal(413, "file_too_large", "the file is too large");
  return std::make_shared<RawSink>(call, std::move(purpose), bytes, std::move(name), wanted);
}

}  // namespace

std::vector<FilesRoute> file_upload_routes(const config::Files& settings) {
  const auto json_bytes_max = settings.request_bytes_max / 3 * 4 + json_slack_bytes;
  return {{"PUT",
           "/api/upload",
           json_bytes_max,
           {},
           [](FilesCall& call) { return open_json(call, false); }},
          {"PUT",
           "/api/upload_temporary",
           json_bytes_max,
           {},
           [](FilesCall& call) { return open_json(call, true); }},
          {"POST", "/v1/files", settings.file_bytes_max, {}, open_raw}};
}

}  // namespace devy::daemon
