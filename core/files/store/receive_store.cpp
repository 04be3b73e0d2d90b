#include "core/files/store/receive_store.hpp"

#include "core/platform/base/unless_empty.hpp"

namespace devy::files {
namespace {

constexpr pg::Statement call_owner_find{"file_owner_find", R"sql(
  select file_owner_find($1::bigint, $2::text, $3::text) as id)sql",
                                        true};

constexpr pg::Statement select_named_owner{"find_named_file_owner", R"sql(
  select case when exists (select from account where username = lower($1::text))
              then (select f.o_id from file_owner_find(null, lower($1::text), lower($1::text)) f)
              else (select id from file_owner where lower(login) = lower($1::text)
                     order by github_user_id desc nulls last limit 1) end as id)sql"};

constexpr pg::Statement call_quota{"file_quota", R"sql(
  select * from file_quota($1::uuid, $2::bigint, $3::bigint))sql",
                                   true};

constexpr pg::Statement call_charge{"file_owner_charge", R"sql(
  select file_owner_charge($1::uuid, $2::bigint, $3::bigint, $4::bigint, $5::bigint) as outcome)sql",
                                    true};

constexpr pg::Statement call_begin{"file_begin", R"sql(
  select file_begin($1::uuid, $2::uuid, $3::bytea, $4::text, $5::text, $6::jsonb, $7::text))sql",
                                   true};

constexpr pg::Statement call_same{"file_same", R"sql(
  select file_same($1::uuid, $2::text, $3::bytea) as id)sql",
                                  true};

constexpr pg::Statement call_hold{"file_content_hold", R"sql(
  select o_state, o_generation, o_is_linked
    from file_content_hold($1::bytea, $2::bigint, $3::text, $4::text))sql",
                                  true};

constexpr pg::Statement call_complete{"file_complete", R"sql(
  select file_complete($1::uuid, $2::bytea, $3::bigint, $4::text))sql",
                                      true};

constexpr pg::Statement call_token_make{"file_token_make", R"sql(
  select file_token_make($1::bytea, $2::uuid, make_interval(secs => $3::bigint)) as expires_at)sql",
                                        true};

constexpr pg::Statement call_token_renew{"file_token_renew", R"sql(
  select file_token_renew($1::uuid, $2::uuid, $3::bytea,
                          make_interval(secs => $4::bigint)) as expires_at)sql"};

constexpr pg::Statement call_persist{"file_persist", R"sql(
  select o_outcome, o_is_new
    from file_persist($1::bytea, $2::uuid, $3::text, $4::text, $5::jsonb, $6::text))sql",
                                     true};

pg::Bytes bytes_of(const base::Sha256& digest) {
  return {base::view_of(digest)};
}

}  // namespace

OwnerId find_owner(pg::Connection& connection, const Claimant& claimant) {
  return OwnerId::trusted(
      connection
          .one(call_owner_find,
               pg::Params(claimant.github_user_id, base::unless_empty(claimant.username),
                          claimant.login))[0]
          .text("id"));
}

std::optional<OwnerId> find_named_owner(pg::Connection& connection, const std::string& name) {
  const auto id = connection.one(select_named_owner, pg::Params(name))[0].maybe_text("id");
  if (!id) return std::nullopt;
  return OwnerId::trusted(*id);
}

Quota read_quota(pg::Connection& connection, const OwnerId& owner, const config::Files& settings) {
  const auto found = connection.one(
      call_quota, pg::Params(owner.text(), settings.owner_bytes_max, settings.owner_files_max));
  const auto row = found[0];
  return {row.integer("o_bytes"), row.integer("o_bytes_max"), row.integer("o_files"),
          row.integer("o_files_max"), row.maybe_text("o_blocked_reason")};
}

std::string charge_owner(pg::Connection& connection, const OwnerId& owner, std::int64_t bytes,
                         std::int64_t files, const config::Files& settings) {
  return connection
      .one(call_charge, pg::Params(owner.text(), bytes, files, settings.owner_bytes_max,
                                   settings.owner_files_max))[0]
      .text("outcome");
}

void begin_file(pg::Connection& connection, const NewFile& file) {
  std::optional<pg::Bytes> token;
  if (file.token) token = bytes_of(*file.token);
  connection.execute(call_begin,
                     pg::Params(file.id.text(), file.owner.text(), token, file.name,
                                base::unless_empty(file.declared_type), file.metadata_json,
                                base::unless_empty(file.request_key)));
}

std::optional<FileId> find_same_file(pg::Connection& connection, const OwnerId& owner,
                                     const std::string& name, const base::Sha256& sha256) {
  const auto found =
      connection.one(call_same, pg::Params(owner.text(), name, bytes_of(sha256)))[0].maybe_text(
          "id");
  if (!found) return std::nullopt;
  return FileId::trusted(*found);
}

HeldContent hold_content(pg::Connection& connection, const base::Sha256& sha256, std::uint64_t size,
                         const config::Files& settings) {
  const auto found = connection.one(
      call_hold, pg::Params(bytes_of(sha256), size, settings.node, settings.storage));
  const auto row = found[0];
  return {row.text("o_state"), row.integer("o_generation"), row.boolean("o_is_linked")};
}

void complete_file(pg::Connection& connection, const FileId& id, const ReceivedBytes& bytes) {
  connection.execute(call_complete,
                     pg::Params(id.text(), bytes_of(bytes.sha256), bytes.size, bytes.media_type));
}

base::TimePoint make_token(pg::Connection& connection, const base::Sha256& digest,
                           const OwnerId& owner, std::chrono::seconds life) {
  return connection
      .one(call_token_make, pg::Params(bytes_of(digest), owner.text(), life.count()))[0]
      .time("expires_at");
}

std::optional<base::TimePoint> renew_token(pg::Connection& connection, const FileId& file,
                                           const OwnerId& owner, const base::Sha256& digest,
                                           std::chrono::seconds life) {
  return connection
      .one(call_token_renew,
           pg::Params(file.text(), owner.text(), bytes_of(digest), life.count()))[0]
      .maybe_time("expires_at");
}

Persisted persist(pg::Connection& connection, const Persisting& persisting) {
  std::optional<std::string> kind, key;
  if (persisting.reference) {
    kind = persisting.reference->kind;
    key = persisting.reference->key;
  }
  const auto found =
      connection.one(call_persist, pg::Params(bytes_of(persisting.token),
                                              base::unless_empty(persisting.owner.text()), kind,
                                              key, persisting.metadata_json, persisting.by));
  return {found[0].text("o_outcome"), found[0].boolean("o_is_new")};
}

}  // namespace devy::files
