#pragma once
// The files of one request: received one after the other, then stored together, all or none
// (files.md, sections 3 and 5). What was received goes with this object unless it was stored.
//
// One thread at a time. Refusals are Error(rejected) with the codes file_too_large,
// request_too_large, too_many_files, name_refused, type_refused, quota_exceeded; Error(denied,
// "blocked"); and what Disk and pg::Connection throw.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/files/receive/depot.hpp"
#include "core/files/storage/staged_file.hpp"
#include "core/files/store/receive_store.hpp"

namespace devy::receive {

struct Purpose {
  files::OwnerId owner;
  bool is_temporary = false;
  // A permanent file of the same name and bytes that nothing refers to is taken instead.
  bool takes_same = false;
  std::string request_key = {};  // only of one file; empty: none
};

struct Stored {
  std::vector<files::File> files;
  std::string token;  // of a temporary batch: it is known to nobody but the caller
  std::optional<base::TimePoint> expires_at;
};

class Batch {
 public:
  // Borrows the settings and the disk.
  Batch(const config::Files& settings, storage::Disk& disk, Purpose purpose);

  void begin_file();
  void write(std::string_view bytes);
  // `name` as it was given. Its bytes are on the disk afterwards.
  void end_file(std::string_view name, std::string declared_type);
  [[nodiscard]] const base::Sha256& last_digest() const { return files_.back().staged.sha256(); }

  // Links the bytes and writes the rows, in one transaction. Once more after an error of the
  // connection it finds out whether it had come to an end.
  [[nodiscard]] Stored store(pg::Connection& connection);

 private:
  struct Received {
    storage::StagedFile staged;
    files::FileId id;
    std::string name, declared_type;
    bool is_known = false;  // the owner has it already, under this id
  };
  [[nodiscard]] bool is_committed(pg::Connection& connection) const;
  void check_quota(pg::Connection& connection) const;
  void find_known(pg::Connection& connection);
  void begin_rows(pg::Connection& connection, Stored& stored);
  void link_contents(pg::Connection& connection);
  void complete_rows(pg::Connection& connection) const;
  [[nodiscard]] Stored answer(pg::Connection& connection, Stored stored) const;

  const config::Files& settings_;
  storage::Disk& disk_;
  const Purpose purpose_;
  std::vector<Received> files_;
  std::uint64_t bytes_ = 0;  // of all
  std::string token_;
  std::optional<base::TimePoint> expires_at_;
};

// Throws Error for an outcome of charge_owner() that is not good.
void check_charge(const std::string& outcome);
// The text of a new token: dvf_ and 256 random bits.
[[nodiscard]] std::string make_token_text();
// The digest under which a token is known; nothing when the text is no token.
[[nodiscard]] std::optional<base::Sha256> token_digest(std::string_view token);

}  // namespace devy::receive
