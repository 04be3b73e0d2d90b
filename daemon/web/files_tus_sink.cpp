#include "daemon/web/files_tus_sink.hpp"

#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/server/response.hpp"

namespace devy::daemon {

TusSink::TusSink(FilesParts& parts, receive::Part part,
                 std::shared_ptr<const server::ReceivedRequest> request,
                 std::optional<http::Response> created)
    : parts_(parts),
      name_(part.name),
      request_(std::move(request)),
      created_(std::move(created)),
      writer_(std::make_shared<receive::UploadWriter>(parts.uploads, std::move(part))) {}

std::optional<http::Response> TusSink::take(std::string_view slice) {
  parts_.counters.count("received_bytes", static_cast<std::int64_t>(slice.size()));
  try {
    writer_->write(slice);
    return std::nullopt;
  } catch (const base::Error& error) {
    return refused(error);
  }
}

http::Response TusSink::finish() {
  try {
    writer_->end();
  } catch (const base::Error& error) {
    return refused(error);
  }
  auto response = created_ ? *std::move(created_) : tus_answer(204);
  set_offset(response, writer_->received());
  set_expires(response, writer_->expires_at());
  complete_tus_answer(*request_, parts_.config.files, response);
  if (writer_->is_complete()) parts_.counters.count("uploads.tus.ok");
  base::fault_point("upload_before_answer");
  return response;
}

void TusSink::broken(std::string_view reason) noexcept {
  try {
    writer_->stop(std::chrono::steady_clock::now() + receive::writer_wait);
    parts_.counters.count("uploads.tus.broken");
    base::log::info("upload broken off",
                    {{"file", name_.id.text()}, {"reason", std::string(reason)}});
  } catch (const std::exception&) {
    // Nobody is left who could be told.
  }
  give_up();
}

http::Response TusSink::refused(const base::Error& error) {
  parts_.counters.count("uploads.tus.refused");
  give_up();
  auto response = tus_error_answer(error, created_ ? TusRight::caller : TusRight::url);
  if (error.code() == "offset_wrong") set_offset(response, writer_->received());
  complete_tus_answer(*request_, parts_.config.files, response);
  return response;
}

void TusSink::give_up() noexcept {
  if (!created_) return;
  try {
    parts_.uploads.terminate(name_);
  } catch (const std::exception& error) {
    base::log::warning("upload not given up", {{"file", name_.id.text()}, {"error", error.what()}});
  }
}

}  // namespace devy::daemon
