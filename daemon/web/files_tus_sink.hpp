#pragma once
// Takes the bytes of one PATCH, or those that come with a creation.

#include <memory>
#include <optional>
#include <string>

#include "core/files/receive/upload_writer.hpp"
#include "core/platform/http/server/body_sink.hpp"
#include "daemon/web/files_api.hpp"
#include "daemon/web/files_tus_answer.hpp"

namespace devy::daemon {

class TusSink final : public server::BodySink {
 public:
  // `created`: the answer to a creation, which says more once its bytes are safe; an upload of
  // which the sender has no URL yet is given up with his request. `request` is kept for what all
  // answers have.
  TusSink(FilesParts& parts, receive::Part part,
          std::shared_ptr<const server::ReceivedRequest> request,
          std::optional<http::Response> created);

  std::optional<http::Response> take(std::string_view slice) override;
  http::Response finish() override;
  void broken(std::string_view reason) noexcept override;

 private:
  [[nodiscard]] http::Response refused(const base::Error& error);
  void give_up() noexcept;

  FilesParts& parts_;
  const files::UploadName name_;
  const std::shared_ptr<const server::ReceivedRequest> request_;
  std::optional<http::Response> created_;
  const std::shared_ptr<receive::UploadWriter> writer_;
};

}  // namespace devy::daemon
