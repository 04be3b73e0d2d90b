#include "daemon/web/files_upload_sink.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "daemon/web/files_api_answer.hpp"

namespace devy::daemon {

UploadSink::UploadSink(FilesCall& call, receive::Purpose purpose, std::string protocol,
                       std::uint64_t bytes)
    : parts_(call.parts),
      disk_(call.parts.depot.disk(call.connection)),
      place_(std::in_place, call.parts.depot.admit(disk_, purpose.owner, bytes)),
      purpose_(std::move(purpose)),
      protocol_(std::move(protocol)),
      batch_(std::in_place, call.parts.config.files, disk_, purpose_) {}

std::optional<http::Response> UploadSink::take(std::string_view slice) {
  parts_.counters.count("received_bytes", static_cast<std::int64_t>(slice.size()));
  return guarded_by([&]() -> std::optional<http::Response> {
    receive(slice);
    return std::nullopt;
  });
}

http::Response UploadSink::finish() {
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

void UploadSink::broken(std::string_view reason) noexcept {
  try {
    end();
    parts_.counters.count("uploads." + protocol_ + ".broken");
    base::log::info("upload broken off", {{"reason", reason}});
  } catch (const std::exception&) {
    // Nobody is left who could be told.
  }
}

receive::Stored UploadSink::store() {
  receive::Stored stored;
  parts_.sessions.with([&](pg::Connection& connection) { stored = batch_->store(connection); });
  return stored;
}

void UploadSink::make_temporary() {
  purpose_.is_temporary = true;
  purpose_.takes_same = false;
  batch_.emplace(parts_.config.files, disk_, purpose_);
}

void UploadSink::end() {
  batch_.reset();
  place_.reset();
}

http::Response UploadSink::refused(http::Response response) {
  end();
  parts_.counters.count("uploads." + protocol_ + ".refused");
  return refusal(std::move(response));
}

std::optional<http::Response> UploadSink::guarded_by(
    const std::function<std::optional<http::Response>()>& act) {
  try {
    return act();
  } catch (const intake::Malformed& malformed) {
    return refused(malformed_answer(malformed));
  } catch (const base::Error& error) {
    return refused(file_error_answer(error, "upload"));
  }
}

json::Json stored_json(const receive::Stored& stored) {
  auto document = json::Json::object();
  if (!stored.token.empty()) {
    document.set("token", stored.token);
    document.set("expires_at", stored.expires_at);
  }
  document.set("files", json::json_array(stored.files, files::file_json));
  return document;
}

std::uint64_t announced_bytes(const server::ReceivedRequest& request) {
  return std::stoull("0" + std::string(request.header("Content-Length")));
}

}  // namespace devy::daemon
