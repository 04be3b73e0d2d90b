#pragma once
// Uploads that can be resumed, as one process receives them (files.md, sections 3 and 4). One
// writer an upload: whoever comes asks the one before to let go (UploadWriter::stop), the lock of
// the file in staging holds against other processes, and the fence of its row says who may record.
//
// It borrows the settings, and must outlive its writers. Any thread. Errors are those of Depot,
// Disk and pg::Connection, and
//   busy "upload_busy"             somebody else writes, and does not let go
//   not_found "upload_absent"      no such upload, or another key
//   rejected "upload_gone"         it was deleted, refused, or has expired

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "core/files/receive/depot.hpp"
#include "core/files/storage/staged_file.hpp"
#include "core/files/store/upload_store.hpp"

namespace devy::receive {

class UploadWriter;

// So long whoever comes waits for the one before.
inline constexpr std::chrono::seconds writer_wait{5};

class Uploads {
 public:
  using WithConnection = receive::WithConnection;
  // Counts an event by its name: "conflicts.writer", "conflicts.fence", "conflicts.offset".
  using Count = std::function<void(const std::string&)>;
  Uploads(const config::Files& settings, Depot& depot, WithConnection with_connection, Count count);
  ~Uploads();

  struct Creation {
    files::OwnerId owner;
    std::string name, declared_type = {}, metadata_json = "{}", metadata_sent = {};
    std::optional<std::int64_t> length;  // bytes; nothing: it is said later
    bool is_temporary = false;
    std::string token = {};  // of the batch that it joins; empty: a new one
  };
  struct Created {
    files::UploadName name;
    std::string key;    // for the URL: it is known to nobody but the caller
    std::string token;  // of a temporary one
    base::TimePoint expires_at;
  };
  // Throws Error(rejected) with the codes quota_exceeded, token_unknown, token_used,
  // too_many_files; (denied, "blocked").
  [[nodiscard]] Created create(pg::Connection& connection, const Creation& creation);

  // Says how much of it is safe. Its writer in this process has let go before. Needs no session to
  // be held.
  [[nodiscard]] files::Upload look(const files::UploadName& name);
  // Gives it up; its bytes are gone. Returns what terminate_upload returns.
  std::string terminate(const files::UploadName& name);

  // Deletes what came of one that has ended in the database. Whoever writes it still loses by its
  // fence.
  void discard(pg::Connection& connection, const files::FileId& id);

  [[nodiscard]] const config::Files& settings() const { return settings_; }
  void count(const std::string& event) const { count_(event); }

 private:
  friend class UploadWriter;
  using Clock = std::chrono::steady_clock;
  // Has the writer of this upload let go. Throws "upload_busy".
  void stop_writer(const std::string& id);
  // Makes it the only one of this process.
  void enter(const std::string& id, const std::shared_ptr<UploadWriter>& writer);
  void leave(const std::string& id, const UploadWriter* writer);
  [[nodiscard]] std::shared_ptr<UploadWriter> writer_of(const std::string& id);

  // An upload that nobody writes: what runs along with it, as of a fence.
  struct Idle {
    std::string id;
    std::int64_t fence = 0;
    storage::Running running;
  };
  void keep(Idle idle);
  [[nodiscard]] std::optional<Idle> find_kept(const std::string& id);

  const config::Files& settings_;
  Depot& depot_;
  const WithConnection with_connection_;
  const Count count_;
  std::mutex mutex_;  // guards the members below
  std::unordered_map<std::string, std::shared_ptr<UploadWriter>> writers_;
  std::list<Idle> idle_;  // the last used first
  std::unordered_map<std::string, std::list<Idle>::iterator> idle_by_id_;
};

// The digest under which the key of a URL is known.
[[nodiscard]] inline base::Sha256 key_digest(std::string_view key) {
  return base::sha256(key);
}

}  // namespace devy::receive
