#include "core/files/receive/batch.hpp"

#include <algorithm>

#include "core/files/intake/file_name.hpp"
#include "core/files/store/file_store.hpp"
#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/random.hpp"

namespace devy::receive {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::string_view token_prefix = "dvf_";
constexpr std::size_t token_random_bytes = 32;

[[noreturn]] void refuse(std::string code, std::string text, std::string hint) {
  throw Error(ErrorKind::rejected, "unable to take the upload: " + std::move(text), std::move(hint),
              std::move(code));
}

}  // namespace

void check_charge(const std::string& outcome) {
  if (outcome == "blocked")
    throw Error(ErrorKind::denied, "unable to take the upload: you are blocked",
                "Ask whoever runs this site.", "blocked");
  if (outcome != "good")
    refuse("quota_exceeded",
           outcome == "over_files" ? "you have too many files" : "you have too much",
           "Delete files that you do not need; `GET /v1/files/quota` says how much you may have.");
}

std::string make_token_text() {
  return std::string(token_prefix) +
         base::encode_base64url(base::system_random().bytes(token_random_bytes));
}

std::optional<base::Sha256> token_digest(std::string_view token) {
  const auto encoded_bytes = (token_random_bytes * 4 + 2) / 3;
  if (!token.starts_with(token_prefix) || token.size() != token_prefix.size() + encoded_bytes)
    return std::nullopt;
  if (!base::decode_base64url(token.substr(token_prefix.size()))) return std::nullopt;
  return base::sha256(token);
}

Batch::Batch(const config::Files& settings, storage::Disk& disk, Purpose purpose)
    : settings_(settings), disk_(disk), purpose_(std::move(purpose)) {}

void Batch::begin_file() {
  if (files_.size() >= settings_.request_files_max)
    refuse("too_many_files", "these are too many files",
           "Send at most " + std::to_string(settings_.request_files_max) + " at a time.");
  files_.push_back({disk_.stage(), files::FileId::trusted(base::system_random().uuid()), {}, {}});
}

void Batch::write(std::string_view bytes) {
  auto& staged = files_.back().staged;
  if (bytes.size() > settings_.file_bytes_max - std::min(staged.size(), settings_.file_bytes_max))
    refuse("file_too_large", "a file is too large",
           "A file may have " + std::to_string(settings_.file_bytes_max) + " bytes.");
  bytes_ += bytes.size();
  if (bytes_ > settings_.request_bytes_max)
    refuse("request_too_large", "the files are too large together",
           "They may have " + std::to_string(settings_.request_bytes_max) + " bytes together.");
  staged.write(bytes);
}

void Batch::end_file(std::string_view name, std::string declared_type) {
  auto& file = files_.back();
  file.name = intake::file_name(name);
  constexpr std::size_t type_bytes_max = 255;
  file.declared_type = declared_type.substr(0, type_bytes_max);
  const std::string type(file.staged.media_type());
  const auto plain = type.substr(0, type.find(';'));
  if (!settings_.types.empty() &&
      std::ranges::find(settings_.types, plain) == settings_.types.end())
    refuse("type_refused", "its bytes are of the type " + plain, "Only some types are taken here.");
  file.staged.finish();
}

bool Batch::is_committed(pg::Connection& connection) const {
  std::vector<std::string> ids;
  for (const auto& file : files_)
    ids.push_back(file.id.text());
  return files::find_files(connection, ids).size() == ids.size();
}

// Most that is too much is seen here, before bytes are linked.
void Batch::check_quota(pg::Connection& connection) const {
  const auto quota = files::read_quota(connection, purpose_.owner, settings_);
  if (quota.blocked_reason) check_charge("blocked");
  if (quota.bytes + static_cast<std::int64_t>(bytes_) > quota.bytes_max) check_charge("over_bytes");
  if (quota.files + static_cast<std::int64_t>(files_.size()) > quota.files_max)
    check_charge("over_files");
}

// In the order of the digests: two requests with the same files never wait for each other.
void Batch::find_known(pg::Connection& connection) {
  if (!purpose_.takes_same) return;
  std::vector<Received*> order;
  for (auto& file : files_)
    order.push_back(&file);
  std::ranges::sort(
      order, {}, [](const Received* file) { return std::pair(file->staged.sha256(), file->name); });
  const Received* before = nullptr;
  for (auto* file : order) {
    const bool is_twice = before != nullptr && before->name == file->name &&
                          before->staged.sha256() == file->staged.sha256();
    if (is_twice) {
      file->id = before->id;
      file->is_known = true;
    } else if (const auto known = files::find_same_file(connection, purpose_.owner, file->name,
                                                        file->staged.sha256())) {
      file->id = *known;
      file->is_known = true;
    }
    before = file;
  }
}

void Batch::begin_rows(pg::Connection& connection, Stored& stored) {
  std::optional<base::Sha256> token;
  if (purpose_.is_temporary) {
    stored.token = make_token_text();
    token = base::sha256(stored.token);
    stored.expires_at =
        files::make_token(connection, *token, purpose_.owner, settings_.temporary_for);
  }
  for (const auto& file : files_)
    if (!file.is_known)
      files::begin_file(connection, {.id = file.id,
                                     .owner = purpose_.owner,
                                     .token = token,
                                     .name = file.name,
                                     .declared_type = file.declared_type,
                                     .request_key = purpose_.request_key});
  base::fault_point("file_rows");
}

void Batch::link_contents(pg::Connection& connection) {
  std::vector<Received*> order;
  for (auto& file : files_)
    if (!file.is_known) order.push_back(&file);
  std::ranges::stable_sort(order, {}, [](const Received* file) { return file->staged.sha256(); });
  for (auto* file : order) {
    const auto& staged = file->staged;
    const auto held = files::hold_content(connection, staged.sha256(), staged.size(), settings_);
    base::fault_point("file_content_held");
    // The bytes of a lost content may be there, and others.
    if (held.is_linked)
      disk_.link(file->staged, staged.sha256(),
                 held.state == "lost" ? storage::Disk::Trust::none : storage::Disk::Trust::by_size);
  }
}

void Batch::complete_rows(pg::Connection& connection) const {
  std::int64_t bytes = 0, count = 0;
  for (const auto& file : files_) {
    if (file.is_known) continue;
    const auto& staged = file.staged;
    files::complete_file(connection, file.id,
                         {staged.sha256(), staged.size(), std::string(staged.media_type())});
    bytes += static_cast<std::int64_t>(staged.size());
    ++count;
  }
  if (count > 0)
    check_charge(files::charge_owner(connection, purpose_.owner, bytes, count, settings_));
}

Stored Batch::answer(pg::Connection& connection, Stored stored) const {
  std::vector<std::string> ids;
  for (const auto& file : files_)
    ids.push_back(file.id.text());
  for (const auto& id : ids)
    for (auto& file : files::find_files(connection, {id}))
      stored.files.push_back(std::move(file));
  return stored;
}

Stored Batch::store(pg::Connection& connection) {
  // A COMMIT may have come through though its answer did not.
  if (is_committed(connection)) return answer(connection, {{}, token_, expires_at_});
  check_quota(connection);
  Stored stored;
  pg::Transaction transaction(connection);
  find_known(connection);
  begin_rows(connection, stored);
  link_contents(connection);
  complete_rows(connection);
  token_ = stored.token;
  expires_at_ = stored.expires_at;
  base::fault_point("file_before_commit");
  transaction.commit();
  base::fault_point("file_committed");
  return answer(connection, std::move(stored));
}

}  // namespace devy::receive
