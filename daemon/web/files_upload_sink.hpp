#pragma once
// The sinks of uploads share, whatever the form of their bodies: a place among those under way, a
// batch that is stored whole or not at all, and how errors become answers. One call at a time, in
// the server's pool for bodies (platform/http/server/body_sink.hpp).

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/platform/json/json.hpp"
#include "daemon/web/files_api.hpp"

namespace devy::daemon {

class UploadSink : public server::BodySink {
 public:
  // `protocol` names it in counts: "json", "raw", "form". `bytes`: what it will need on the disk,
  // at most. Throws what Depot throws.
  UploadSink(FilesCall& call, receive::Purpose purpose, std::string protocol, std::uint64_t bytes);

  std::optional<http::Response> take(std::string_view slice) final;
  http::Response finish() final;
  void broken(std::string_view reason) noexcept final;

 protected:
  virtual void receive(std::string_view slice) = 0;
  virtual void receive_end() = 0;
  [[nodiscard]] virtual receive::Stored store();
  [[nodiscard]] virtual http::Response answer(const receive::Stored& stored) = 0;
  // Changes an answer that refuses the upload.
  [[nodiscard]] virtual http::Response refusal(http::Response response) const { return response; }
  // Only while the batch has no file yet.
  void make_temporary();
  [[nodiscard]] receive::Batch& batch() { return *batch_; }
  [[nodiscard]] FilesParts& parts() { return parts_; }
  [[nodiscard]] const receive::Purpose& purpose() const { return purpose_; }

 private:
  // Before the answer: whoever has it finds nothing of the upload left.
  void end();
  std::optional<http::Response> guarded_by(
      const std::function<std::optional<http::Response>()>& act);
  [[nodiscard]] http::Response refused(http::Response response);

  FilesParts& parts_;
  storage::Disk& disk_;
  std::optional<receive::Place> place_;
  receive::Purpose purpose_;
  const std::string protocol_;
  std::optional<receive::Batch> batch_;
};

// {"files": […]}, with "token" and "expires_at" of a temporary batch.
[[nodiscard]] json::Json stored_json(const receive::Stored& stored);
// The Content-Length; 0 without one.
[[nodiscard]] std::uint64_t announced_bytes(const server::ReceivedRequest& request);

}  // namespace devy::daemon
