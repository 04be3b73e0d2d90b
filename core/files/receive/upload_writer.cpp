#include "core/files/receive/upload_writer.hpp"

#include <algorithm>

#include "core/files/receive/batch.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"

namespace devy::receive {
namespace {

using base::Error;
using base::ErrorKind;

// So long what comes slowly waits for its checkpoint; what comes quickly is written by its bytes.
constexpr std::chrono::seconds record_every{5};
constexpr std::int64_t record_every_bytes = std::int64_t{32} * 1024 * 1024;

[[noreturn]] void refuse_part(std::string code, std::string cause, std::string hint) {
  throw Error(ErrorKind::rejected, "unable to go on with the upload: " + std::move(cause),
              std::move(hint), std::move(code));
}

[[noreturn]] void throw_not_open(const std::string& outcome) {
  if (outcome == "absent")
    throw Error(ErrorKind::not_found, "there is no such upload", "", "upload_absent");
  if (outcome == "gone" || outcome == "complete")
    refuse_part("upload_gone", "it is over", "Begin another one.");
  if (outcome == "length")
    refuse_part("length_wrong", "its length is another one", "Say a length once.");
  check_charge(outcome);
  throw Error(ErrorKind::internal, "unable to go on with the upload: it is " + outcome);
}

}  // namespace

void throw_upload_busy(const Uploads& uploads) {
  uploads.count("conflicts.writer");
  throw Error(ErrorKind::busy, "unable to go on with the upload: somebody else sends it",
              "Ask in a second where it is.", "upload_busy");
}

UploadWriter::UploadWriter(Uploads& uploads, Part part)
    : uploads_(uploads), part_(std::move(part)), id_(part_.name.id.text()) {
  if (!part_.checksum.empty()) checksum_.emplace(part_.checksum);
}
UploadWriter::~UploadWriter() = default;

template <class Act>
void UploadWriter::guarded(Act act) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::over) throw_upload_busy(uploads_);
  try {
    if (state_ == State::fresh) begin();
    act();
  } catch (const Error& error) {
    // The kernel forgets what it could not write; nothing of the file is to be believed.
    if (error.code() == "storage_failed" && fence_ > 0) reject(error.code());
    end_writing();
    throw;
  } catch (...) {
    end_writing();
    throw;
  }
}

void UploadWriter::write(std::string_view bytes) {
  guarded([&] { add(bytes); });
}

void UploadWriter::end() {
  guarded([&] { finish_request(); });
}

bool UploadWriter::stop(std::chrono::steady_clock::time_point deadline) {
  const std::unique_lock lock(mutex_, deadline);
  if (!lock) return false;
  try {
    // With a checksum nothing is kept before the last byte has come.
    if (state_ == State::writing && !checksum_) {
      record();
      uploads_.keep({id_, fence_, staged_->release()});
    }
  } catch (const Error& error) {
    if (error.code() == "storage_failed") reject(error.code());
    base::log::warning("upload not recorded", {{"file", id_}, {"error", error.text()}});
  }
  end_writing();
  return true;
}

void UploadWriter::begin() {
  uploads_.enter(id_, shared_from_this());
  storage::Disk* disk = nullptr;
  uploads_.with_connection_(
      [&](pg::Connection& connection) { disk = &uploads_.depot_.disk(connection); });
  auto staged = disk->reopen(id_);
  if (!staged) throw_upload_busy(uploads_);
  staged_.emplace(*std::move(staged));
  files::OwnerId owner;
  uploads_.with_connection_([&](pg::Connection& connection) { owner = acquire(connection); });
  place_.emplace(uploads_.depot_.admit(*disk, owner, static_cast<std::uint64_t>(part_.bytes)));
  auto kept = uploads_.find_kept(id_);
  std::optional<storage::Running> running;
  if (kept && kept->fence + 1 == fence_) running = std::move(kept->running);
  if (!staged_->resume(static_cast<std::uint64_t>(received_), std::move(running))) {
    base::log::error("upload begins again: its bytes are not there", {{"file", id_}});
    uploads_.with_connection_([&](pg::Connection& connection) {
      files::restart_upload(connection, part_.name.id, fence_);
    });
    received_ = 0;
    throw Error(ErrorKind::conflict, "unable to go on with the upload: its bytes are lost",
                "Ask where it is, and begin there.", "offset_wrong");
  }
  recorded_at_ = std::chrono::steady_clock::now();
  state_ = State::writing;
}

files::OwnerId UploadWriter::acquire(pg::Connection& connection) {
  const auto acquired = files::acquire_upload(connection, part_.name, part_.offset, part_.length,
                                              uploads_.settings());
  received_ = acquired.received;
  length_ = acquired.length;
  if (acquired.outcome == "offset") {
    uploads_.count("conflicts.offset");
    throw Error(ErrorKind::conflict, "unable to go on with the upload: it is somewhere else",
                "Ask where it is, and go on there.", "offset_wrong");
  }
  if (acquired.outcome != "open") {
    // Nothing is expected in the file any more, if it was not made a moment ago.
    const bool is_over = acquired.outcome == "absent" || acquired.outcome == "gone" ||
                         acquired.outcome == "complete";
    if (is_over) staged_->give_up();
    throw_not_open(acquired.outcome);
  }
  fence_ = acquired.fence;
  const auto bytes_max =
      length_.value_or(static_cast<std::int64_t>(uploads_.settings().file_bytes_max));
  if (part_.bytes > bytes_max - received_)
    refuse_part("file_too_large", "these are too many bytes", "Send what its length says.");
  base::fault_point("upload_acquired");
  return acquired.owner;
}

void UploadWriter::add(std::string_view bytes) {
  if (checksum_) checksum_->add(bytes);
  staged_->write(bytes);
  base::fault_point("upload_slice");
  if (checksum_) return;
  const auto size = static_cast<std::int64_t>(staged_->size());
  if (size - received_ >= record_every_bytes ||
      std::chrono::steady_clock::now() - recorded_at_ >= record_every)
    record();
}

void UploadWriter::finish_request() {
  if (checksum_ && !checksum_->is_right())
    refuse_part("checksum_wrong", "its bytes are not those of its checksum", "Send them again.");
  if (length_ && static_cast<std::int64_t>(staged_->size()) == *length_) {
    store();
  } else {
    record();
    uploads_.keep({id_, fence_, staged_->release()});
  }
  end_writing();
}

// The transaction that stores the file says alone that all has come.
void UploadWriter::record() {
  const auto size = static_cast<std::int64_t>(staged_->size());
  staged_->checkpoint();
  base::fault_point("upload_synced");
  recorded_at_ = std::chrono::steady_clock::now();
  if (length_ && size == *length_) return;
  files::Recorded recorded;
  uploads_.with_connection_([&](pg::Connection& connection) {
    recorded = files::record_upload(connection, part_.name.id, fence_, size, uploads_.settings());
  });
  if (recorded.outcome == "lost") {
    uploads_.count("conflicts.fence");
    throw_upload_busy(uploads_);
  }
  check_charge(recorded.outcome);
  received_ = size;
  expires_at_ = recorded.expires_at;
  base::fault_point("upload_recorded");
}

void UploadWriter::store() {
  const std::string type(staged_->media_type());
  const auto plain = type.substr(0, type.find(';'));
  const auto& types = uploads_.settings().types;
  if (!types.empty() && std::ranges::find(types, plain) == types.end()) {
    reject("type_refused");
    refuse_part("type_refused", "its bytes are of the type " + plain,
                "Only some types are taken here.");
  }
  staged_->checkpoint();
  staged_->finish();
  storage::Disk* disk = nullptr;
  uploads_.with_connection_([&](pg::Connection& connection) {
    store_in(connection);
    disk = &uploads_.depot_.disk(connection);
  });
  uploads_.depot_.settle({staged_->sha256()}, *disk, uploads_.with_connection_);
  received_ = *length_;
  is_complete_ = true;
  // Another file has the same bytes, so these are not needed.
  staged_->give_up();
}

void UploadWriter::store_in(pg::Connection& connection) {
  const auto& settings = uploads_.settings();
  // A COMMIT may have come through though its answer did not.
  const auto found = files::find_upload(connection, part_.name);
  if (found.outcome == "complete") {
    expires_at_ = found.expires_at;
    return;
  }
  pg::Transaction transaction(connection);
  const auto finished = files::finish_upload(connection, part_.name.id, fence_, *length_, settings);
  if (finished.outcome != "good") {
    uploads_.count("conflicts.fence");
    throw_upload_busy(uploads_);
  }
  const auto& sha256 = staged_->sha256();
  const auto held = files::hold_content(connection, sha256, staged_->size(), settings);
  base::fault_point("file_content_held");
  storage::Disk& disk = uploads_.depot_.disk(connection);
  if (held.is_linked)
    disk.link(*staged_, sha256,
              held.state == "lost" ? storage::Disk::Trust::none : storage::Disk::Trust::by_size);
  files::complete_file(connection, part_.name.id,
                       {sha256, staged_->size(), std::string(staged_->media_type())});
  check_charge(files::settle_upload(connection, finished, *length_, settings));
  base::fault_point("file_before_commit");
  transaction.commit();
  base::fault_point("file_committed");
  expires_at_ = finished.expires_at;
}

void UploadWriter::end_writing() noexcept {
  state_ = State::over;
  staged_.reset();
  place_.reset();
  uploads_.leave(id_, this);
}

void UploadWriter::reject(const std::string& error_code) noexcept {
  try {
    uploads_.with_connection_([&](pg::Connection& connection) {
      files::reject_upload(connection, part_.name.id, fence_, error_code);
    });
    if (staged_) staged_->give_up();
  } catch (const std::exception& error) {
    base::log::error("upload not rejected", {{"file", id_}, {"error", error.what()}});
  }
}

}  // namespace devy::receive
