#include "core/files/receive/uploads.hpp"

#include <vector>

#include "core/files/receive/batch.hpp"
#include "core/files/receive/upload_writer.hpp"
#include "core/platform/base/base64.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/random.hpp"

namespace devy::receive {
namespace {

constexpr std::size_t idle_max = 10'000;  // uploads whose digests are kept
constexpr std::size_t key_random_bytes = 16;

[[noreturn]] void refuse_token(const std::string& outcome) {
  using base::ErrorKind;
  if (outcome == "full")
    throw base::Error(ErrorKind::rejected, "unable to take the upload: its batch is full",
                      "Begin another batch.", "too_many_files");
  throw base::Error(ErrorKind::rejected, "unable to take the upload: its token is " + outcome,
                    "Begin another batch, without Devy-Token.",
                    outcome == "used" ? "token_used" : "token_unknown");
}

}  // namespace

Uploads::Uploads(const config::Files& settings, Depot& depot, WithConnection with_connection,
                 Count count)
    : settings_(settings),
      depot_(depot),
      with_connection_(std::move(with_connection)),
      count_(std::move(count)) {}
Uploads::~Uploads() = default;

Uploads::Created Uploads::create(pg::Connection& connection, const Creation& creation) {
  auto& disk = depot_.disk(connection);
  Created created;
  created.name.id = files::FileId::trusted(base::system_random().uuid());
  created.key = base::encode_base64url(base::system_random().bytes(key_random_bytes));
  created.name.key_digest = key_digest(created.key);
  pg::Transaction transaction(connection);
  std::optional<base::Sha256> token;
  if (!creation.token.empty()) {
    token = token_digest(creation.token);
    const auto outcome = token ? files::join_token(connection, *token, creation.owner, settings_)
                               : std::string("unknown");
    if (outcome != "good") refuse_token(outcome);
    created.token = creation.token;
  } else if (creation.is_temporary) {
    created.token = make_token_text();
    token = base::sha256(created.token);
    files::make_token(connection, *token, creation.owner, settings_.temporary_for);
  }
  files::begin_file(connection, {.id = created.name.id,
                                 .owner = creation.owner,
                                 .token = token,
                                 .name = creation.name,
                                 .declared_type = creation.declared_type,
                                 .metadata_json = creation.metadata_json,
                                 .request_key = {}});
  const auto begun = files::begin_upload(
      connection, {created.name, creation.owner, creation.length, creation.metadata_sent},
      settings_);
  check_charge(begun.outcome);
  created.expires_at = begun.expires_at;
  // The disk has room for it beside what others were promised.
  depot_.check_room(disk, begun.promised_bytes);
  base::fault_point("upload_before_row");
  transaction.commit();
  base::fault_point("upload_row");
  return created;
}

files::Upload Uploads::look(const files::UploadName& name) {
  files::Upload upload;
  const auto find = [&] {
    with_connection_(
        [&](pg::Connection& connection) { upload = files::find_upload(connection, name); });
  };
  find();
  // Only who knows the key makes a writer let go.
  if (upload.outcome != "open" || !writer_of(name.id.text())) return upload;
  stop_writer(name.id.text());
  find();
  return upload;
}

std::string Uploads::terminate(const files::UploadName& name) {
  if (look(name).outcome == "absent") return "absent";
  std::string outcome;
  with_connection_([&](pg::Connection& connection) {
    outcome = files::terminate_upload(connection, name);
    if (outcome == "ended" || outcome == "gone") depot_.disk(connection).discard(name.id.text());
  });
  static_cast<void>(find_kept(name.id.text()));
  return outcome;
}

void Uploads::discard(pg::Connection& connection, const files::FileId& id) {
  depot_.disk(connection).discard(id.text());
  static_cast<void>(find_kept(id.text()));
}

std::shared_ptr<UploadWriter> Uploads::writer_of(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = writers_.find(id);
  return found == writers_.end() ? nullptr : found->second;
}

void Uploads::stop_writer(const std::string& id) {
  const auto deadline = Clock::now() + writer_wait;
  if (const auto writer = writer_of(id))
    if (!writer->stop(deadline)) throw_upload_busy(*this);
}

void Uploads::enter(const std::string& id, const std::shared_ptr<UploadWriter>& writer) {
  const auto deadline = Clock::now() + writer_wait;
  while (true) {
    {
      const std::lock_guard lock(mutex_);
      if (writers_.try_emplace(id, writer).second) return;
    }
    if (const auto other = writer_of(id))
      if (!other->stop(deadline) || Clock::now() > deadline) throw_upload_busy(*this);
  }
}

void Uploads::leave(const std::string& id, const UploadWriter* writer) {
  const std::lock_guard lock(mutex_);
  const auto found = writers_.find(id);
  if (found != writers_.end() && found->second.get() == writer) writers_.erase(found);
}

void Uploads::keep(Idle idle) {
  const std::lock_guard lock(mutex_);
  if (const auto found = idle_by_id_.find(idle.id); found != idle_by_id_.end()) {
    idle_.erase(found->second);
    idle_by_id_.erase(found);
  }
  idle_.push_front(std::move(idle));
  idle_by_id_[idle_.front().id] = idle_.begin();
  if (idle_.size() <= idle_max) return;
  idle_by_id_.erase(idle_.back().id);
  idle_.pop_back();
}

std::optional<Uploads::Idle> Uploads::find_kept(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = idle_by_id_.find(id);
  if (found == idle_by_id_.end()) return std::nullopt;
  std::optional<Idle> idle(std::move(*found->second));
  idle_.erase(found->second);
  idle_by_id_.erase(found);
  return idle;
}

}  // namespace devy::receive
