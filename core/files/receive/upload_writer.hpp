#pragma once
// One request's part of an upload that is resumed: bytes behind those that are safe. Each 32 MiB,
// each 5 s and at the end what came is written to the disk, and then to the row. Whoever brings the
// last byte stores the file.
//
// One thread writes; another one may call stop(). Errors are those of Uploads, and
//   conflict "offset_wrong"         the upload has another offset (received() says which)
//   rejected "length_wrong"         another length than it has, or less than was received
//   rejected "file_too_large"       more than its length, or than a file may have
//   rejected "checksum_wrong"       nothing of this request was kept
//   rejected "type_refused", "quota_exceeded"; denied "blocked"
//   busy "upload_busy"              somebody else has it now; what had come is safe

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/files/receive/body_checksum.hpp"
#include "core/files/receive/uploads.hpp"

namespace devy::receive {

struct Part {
  files::UploadName name;
  std::int64_t offset = 0;                  // where its bytes begin
  std::int64_t bytes = 0;                   // how many come
  std::optional<std::int64_t> length = {};  // of the whole, when it is said now
  std::string checksum = {};                // the header; empty: none
};

class UploadWriter : public std::enable_shared_from_this<UploadWriter> {
 public:
  // Throws "checksum_refused".
  UploadWriter(Uploads& uploads, Part part);
  UploadWriter(const UploadWriter&) = delete;
  UploadWriter& operator=(const UploadWriter&) = delete;
  ~UploadWriter();

  // The first call makes the caller the only writer, and waits for the one before.
  void write(std::string_view bytes);
  // All bytes of the request were written, if there were any.
  void end();
  // Stores what came and lets go; what comes later is refused. False when it could not be asked in
  // time. Any thread.
  bool stop(std::chrono::steady_clock::time_point deadline);

  [[nodiscard]] std::int64_t received() const { return received_; }  // as far as it is safe
  [[nodiscard]] std::optional<base::TimePoint> expires_at() const { return expires_at_; }
  [[nodiscard]] bool is_complete() const { return is_complete_; }

 private:
  void begin();
  [[nodiscard]] files::OwnerId acquire(pg::Connection& connection);
  void add(std::string_view bytes);
  void finish_request();
  void record();
  void store();
  void store_in(pg::Connection& connection);
  // Acts under the lock, and lets go when that fails.
  template <class Act>
  void guarded(Act act);
  void end_writing() noexcept;
  void reject(const std::string& error_code) noexcept;

  Uploads& uploads_;
  const Part part_;
  const std::string id_;
  std::timed_mutex mutex_;  // guards the members below
  std::optional<BodyChecksum> checksum_;
  enum class State { fresh, writing, over } state_ = State::fresh;
  std::optional<Place> place_;
  std::optional<storage::StagedFile> staged_;
  std::int64_t fence_ = 0, received_ = 0;
  std::optional<std::int64_t> length_;
  std::optional<base::TimePoint> expires_at_;
  std::chrono::steady_clock::time_point recorded_at_;
  bool is_complete_ = false;
};

// Throws "upload_busy", and counts it.
[[noreturn]] void throw_upload_busy(const Uploads& uploads);

}  // namespace devy::receive
