#include "core/gists/store/gist_store.hpp"

#include <map>

#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/unless_empty.hpp"

namespace devy::gists {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t gist_id_digits_max = 40;

constexpr pg::Statement select_gists{"list_gists", R"sql(
  select g.*, t.login
    from gist g join tracked_user t on t.id = g.tracked_user_id
   where g.tracked_user_id = $1::uuid and (g.gone_at is null or $2::boolean)
   order by g.updated_at desc, g.id)sql"};

constexpr pg::Statement select_gist{"find_gist", R"sql(
  select g.*, t.login
    from gist g join tracked_user t on t.id = g.tracked_user_id
   where g.id like $1::text || '%' order by g.id = $1::text desc, g.id limit 2)sql"};

constexpr pg::Statement select_files{"list_gist_files", R"sql(
  select f.gist_id, f.id, f.filename, f.version, v.blob, v.size, v.media_type, v.language, v.raw_url,
         v.content_state, v.found_at
    from gist_file f
    join gist_version v on v.gist_file_id = f.id and v.number = f.version
   where f.gist_id = any ($1::text[]) and f.removed_at is null
   order by f.filename)sql"};

constexpr pg::Statement select_content{"gist_file_content", R"sql(
  select v.content from gist_file f join gist_version v on v.gist_file_id = f.id and v.number = f.version
   where f.id = $1::uuid and v.content is not null)sql",
                                       false, true};

Gist gist_of(const pg::Row& row) {
  Gist gist;
  gist.id = row.text("id");
  gist.owner = row.text("login");
  gist.description = row.maybe_text("description");
  gist.html_url = row.text("html_url");
  gist.created_at = row.time("created_at");
  gist.updated_at = row.time("updated_at");
  gist.is_partial = row.boolean("is_partial");
  gist.gone_at = row.maybe_time("gone_at");
  gist.gone_reason = row.text("gone_reason");
  return gist;
}

void add_files(pg::Connection& connection, std::vector<Gist>& gists) {
  std::vector<std::string> ids;
  std::map<std::string, Gist*> by_id;
  for (auto& gist : gists) {
    ids.push_back(gist.id);
    by_id.emplace(gist.id, &gist);
  }
  for (const auto row : connection.query(select_files, pg::Params(ids))) {
    File file;
    file.id = FileId::trusted(row.text("id"));
    file.filename = row.text("filename");
    file.version = static_cast<int>(row.integer("version"));
    file.blob = row.text("blob");
    file.size = row.integer("size");
    file.media_type = row.text("media_type");
    file.language = row.text("language");
    file.raw_url = row.text("raw_url");
    file.content_state = row.text("content_state");
    file.found_at = row.time("found_at");
    by_id.at(row.text("gist_id"))->files.push_back(std::move(file));
  }
}

}  // namespace

std::string_view to_string(ContentState state) {
  switch (state) {
    case ContentState::whole: return "whole";
    case ContentState::cut: return "cut";
    case ContentState::binary: return "binary";
    case ContentState::too_large: return "too_large";
  }
  return "";
}

std::vector<Gist> list_gists(pg::Connection& connection, const UserId& user, bool has_gone) {
  std::vector<Gist> gists;
  for (const auto row : connection.query(select_gists, pg::Params(user.text(), has_gone)))
    gists.push_back(gist_of(row));
  add_files(connection, gists);
  return gists;
}

Gist find_gist(pg::Connection& connection, const std::string& id) {
  const bool is_id = !id.empty() && id.size() <= gist_id_digits_max &&
                     id.find_first_not_of("0123456789abcdef") == std::string::npos;
  std::vector<Gist> found;
  if (is_id)
    for (const auto row : connection.query(select_gist, pg::Params(id)))
      found.push_back(gist_of(row));
  if (found.empty())
    throw Error(ErrorKind::not_found, "no gist has the id " + base::in_quotes(id),
                "`devy-upload gist list <login>` shows them.");
  if (found.size() > 1 && found.front().id != id)
    throw Error(ErrorKind::not_found, "the id " + base::in_quotes(id) + " is ambiguous",
                "Give more of its digits.");
  found.resize(1, Gist());
  add_files(connection, found);
  return found.front();
}

std::optional<std::string> content_of(pg::Connection& connection, const FileId& file) {
  const auto rows = connection.maybe(select_content, pg::Params(file.text()));
  return rows ? std::optional(std::string((*rows)[0].bytes("content"))) : std::nullopt;
}

json::Json gist_json(const Gist& gist) {
  auto files = json::json_array(gist.files, [](const File& file) {
    return json::Json::object({{"filename", file.filename},
                               {"language", base::unless_empty(file.language)},
                               {"size", file.size},
                               {"blob", file.blob},
                               {"version", file.version},
                               {"content_state", file.content_state},
                               {"found_at", file.found_at}});
  });
  return json::Json::object({{"id", gist.id},
                             {"owner", gist.owner},
                             {"description", gist.description},
                             {"html_url", gist.html_url},
                             {"created_at", gist.created_at},
                             {"updated_at", gist.updated_at},
                             {"gone_at", gist.gone_at},
                             {"gone_reason", base::unless_empty(gist.gone_reason)},
                             {"partial", gist.is_partial},
                             {"files", std::move(files)}});
}

}  // namespace devy::gists
