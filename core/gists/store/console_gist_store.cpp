#include <map>

#include "core/gists/store/console_store.hpp"

// The gists of one user, and what the CRM was told of them.

namespace devy::gists {
namespace {

constexpr pg::Statement select_listed_gists{"console_gists", R"sql(
  with behind as (select updated_at, id from gist where id = $3::text and tracked_user_id = $1::uuid)
  select g.id, g.description, g.html_url, g.updated_at, g.is_partial, g.gone_reason,
         f.files, f.versions, c.id as item_id, c.state as item_state, c.error as item_error, c.remote_id
    from (select * from gist
           where tracked_user_id = $1::uuid
             and ($2::text = '' or (gone_at is not null) = ($2::text = 'gone'))
             and updated_at <= coalesce((select updated_at from behind), 'infinity')
             and (updated_at < coalesce((select updated_at from behind), 'infinity')
                  or id > coalesce((select id from behind), ''))
           order by updated_at desc, id limit $4::integer) g
    cross join lateral (select count(*) as files, coalesce(sum(version), 0)::bigint as versions
                          from gist_file where gist_id = g.id and removed_at is null) f
    left join crm_item c on c.gist_id = g.id and c.kind = 'deal'
   order by g.updated_at desc, g.id)sql"};

constexpr pg::Statement select_listed_files{"console_gist_files", R"sql(
  select f.gist_id, f.filename, f.version, v.size, v.language, v.content_state,
         c.id as item_id, c.state as item_state, c.error as item_error, c.remote_id
    from unnest($1::text[]) g (id)
    cross join lateral (select * from gist_file
                         where gist_id = g.id and removed_at is null order by filename limit $2::integer) f
    join gist_version v on v.gist_file_id = f.id and v.number = f.version
    left join lateral (select * from crm_item
                        where gist_file_id = f.id
                        order by state in ('refused', 'gone') desc, number desc nulls first limit 1) c on true
   order by f.gist_id, f.filename)sql"};

constexpr pg::Statement select_user_deal{"console_user_deal", R"sql(
  select id as item_id, state as item_state, error as item_error, remote_id
    from crm_item where tracked_user_id = $1::uuid and kind = 'deal')sql"};

constexpr pg::Statement select_words{"console_gist_words", R"sql(
  select id, description, html_url from gist where id = any ($1::text[]))sql"};

constexpr pg::Statement select_outlook{"console_crm_outlook", R"sql(
  select (select count(*) from (select from crm_item where state in ('pending', 'sending')
                                 limit $1::integer) w) as waiting,
         (select min(wanted_at) from (select wanted_at from crm_item where state in ('pending', 'sending')
                                       order by wanted_at limit 1) w) as oldest,
         a.refused, a.gone
    from (select count(*) filter (where state = 'refused') as refused,
                 count(*) filter (where state = 'gone') as gone
            from (select state from crm_item where state in ('refused', 'gone') limit $1::integer) c) a)sql"};

constexpr pg::Statement select_refused{"console_refused_items", R"sql(
  select c.id as item_id, c.kind, c.state as item_state, c.error as item_error, c.remote_id, f.filename,
         t.login
    from (select * from crm_item where state in ('refused', 'gone') and id > $1::uuid
           order by id limit $2::integer) c
    left join gist_file f on f.id = c.gist_file_id
    left join gist g on g.id = coalesce(f.gist_id, c.gist_id)
    join tracked_user t on t.id = coalesce(g.tracked_user_id, c.tracked_user_id)
   order by c.id)sql"};

std::optional<ShownItem> item_of(const pg::Row& row) {
  if (row.is_null("item_id")) return std::nullopt;
  return ShownItem{row.text("item_id"), row.text("item_state"), row.text("item_error"),
                   row.maybe_integer("remote_id")};
}

}  // namespace

std::vector<ListedGist> list_gists_of(pg::Connection& connection, const UserId& user,
                                      const GistFilter& filter) {
  std::vector<ListedGist> gists;
  std::vector<std::string> ids;
  for (const auto row :
       connection.query(select_listed_gists,
                        pg::Params(user.text(), filter.state, filter.before, filter.limit))) {
    ListedGist gist;
    gist.id = row.text("id");
    gist.description = row.maybe_text("description");
    gist.html_url = row.text("html_url");
    gist.gone_reason = row.text("gone_reason");
    gist.updated_at = row.time("updated_at");
    gist.is_partial = row.boolean("is_partial");
    gist.files = row.integer("files");
    gist.versions = row.integer("versions");
    gist.deal = item_of(row);
    ids.push_back(gist.id);
    gists.push_back(std::move(gist));
  }
  std::map<std::string, ListedGist*> by_id;
  for (auto& gist : gists)
    by_id.emplace(gist.id, &gist);
  for (const auto row : connection.query(select_listed_files, pg::Params(ids, files_listed_max))) {
    ListedFile file;
    file.filename = row.text("filename");
    file.language = row.text("language");
    file.content_state = row.text("content_state");
    file.version = static_cast<int>(row.integer("version"));
    file.size = row.integer("size");
    file.item = item_of(row);
    by_id.at(row.text("gist_id"))->listed.push_back(std::move(file));
  }
  return gists;
}

std::optional<ShownItem> deal_of_user(pg::Connection& connection, const UserId& user) {
  const auto rows = connection.maybe(select_user_deal, pg::Params(user.text()));
  return rows ? item_of((*rows)[0]) : std::nullopt;
}

std::map<std::string, GistWords> words_of_gists(pg::Connection& connection,
                                                const std::vector<std::string>& ids) {
  std::map<std::string, GistWords> words;
  for (const auto row : connection.query(select_words, pg::Params(ids)))
    words.emplace(row.text("id"), GistWords{row.maybe_text("description"), row.text("html_url")});
  return words;
}

CrmOutlook crm_outlook(pg::Connection& connection) {
  const auto rows = connection.one(select_outlook, pg::Params(static_cast<int>(counted_max) + 1));
  const auto row = rows[0];
  return {row.integer("waiting"), row.integer("refused"), row.integer("gone"),
          row.maybe_time("oldest")};
}

std::vector<RefusedItem> list_refused(pg::Connection& connection, const std::string& after_id,
                                      int limit) {
  std::vector<RefusedItem> items;
  for (const auto row : connection.query(select_refused, pg::Params(after_id, limit)))
    items.push_back({item_of(row).value_or(ShownItem()), row.text("kind"), row.text("login"),
                     row.text("filename")});
  return items;
}

}  // namespace devy::gists
