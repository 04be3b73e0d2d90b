#include "tests/integration/mirror/mirror_copies.hpp"

#include <algorithm>
#include <map>

#include "core/mirror/records/issue_of_pull.hpp"
#include "core/mirror/store/sent_document.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::mirror {
namespace interleavings_test {
namespace {

using records::Record;
using records::Relation;

// More than any id of the stand-in.
constexpr std::int64_t ids_apart = 1'000'000'000'000;

std::int64_t offset_of(int copy) {
  return copy * ids_apart;
}

// A copy that there never is: where its number stands in a text, that of another copy can be put.
// An id follows it with all the digits of `ids_apart`.
constexpr int any_copy = 987'654;
constexpr std::size_t id_digits = 12;

std::vector<std::string> cut_at_copies(const std::string& text) {
  const auto copy = std::to_string(any_copy);
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (auto at = text.find(copy); at != std::string::npos; at = text.find(copy, at + 1)) {
    const auto digits = text.find_first_not_of("0123456789", at + copy.size());
    if (digits != at + copy.size() + id_digits) continue;
    pieces.push_back(text.substr(begin, at - begin));
    begin = at + copy.size();
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

void append_for(int copy, const std::vector<std::string>& pieces, std::string& text) {
  const auto number = std::to_string(copy);
  text += pieces.front();
  for (std::size_t piece = 1; piece < pieces.size(); ++piece) {
    const std::string_view rest = pieces[piece];
    // No number begins with zeros.
    if (copy == 0) text += rest.substr(std::min(rest.find_first_not_of('0'), id_digits - 1));
    else text.append(number).append(rest);
  }
}

constexpr pg::Statement apply_copies{"apply_copies", R"sql(
  select from mirror_apply($1::jsonb, $2::text, $3::timestamptz, $4::text))sql",
                                     true};

constexpr pg::Statement select_issues{"select_issues_of_copies", R"sql(
  select repository_id / 1000000000000 as copy, id % 1000000000000 as id from github.issue
  where repository_id = any ($1::bigint[]) and number = $2::integer)sql"};

Record moved(Record record, std::int64_t offset) {
  record.id += offset;
  for (auto& [name, value] : record.columns) {
    if (!name.ends_with("_id") || name == "node_id") continue;
    const auto text = value.compact();
    if (text != "null") value = std::stoll(text) + offset;
  }
  auto& links = record.links;
  if (links.repository_id != 0) links.repository_id += offset;
  if (links.labels)
    for (auto& label : *links.labels)
      if (label.id) *label.id += offset;
  for (auto* ids : {&links.assignees, &links.requested_reviewers})
    if (*ids)
      for (auto& id : **ids)
        id += offset;
  return record;
}

constexpr const char* watch_rows = R"sql(
  create function public.expect_forward() returns trigger language plpgsql as $$
  begin
    if old.deleted_at is null and new.deleted_at is null then
      if new.github_at is distinct from greatest(new.github_at, old.github_at) then
        raise exception 'a row of % went back in time: % after %', tg_table_name, to_jsonb(new), to_jsonb(old);
      end if;
      if old.is_settled and not new.is_settled and new.github_at = old.github_at then
        raise exception 'a row of % is less certain: % after %', tg_table_name, to_jsonb(new), to_jsonb(old);
      end if;
    end if;
    if old.deleted_reason in ('deleted', 'transferred') and new.deleted_at is null then
      raise exception 'a row of % was revived: % after %', tg_table_name, to_jsonb(new), to_jsonb(old);
    end if;
    return null;
  end $$;
  do $$
  declare t name;
  begin
    for t in select relname from pg_class where relnamespace = 'github'::regnamespace and relkind = 'r' loop
      -- The change feed has tests of its own.
      execute format('alter table github.%I disable trigger user', t);
    end loop;
    foreach t in array array['user', 'repository', 'label', 'milestone', 'issue', 'pull_request', 'issue_comment'] loop
      execute format('create trigger expect_forward after update on github.%I for each row '
                     'execute function public.expect_forward()', t);
    end loop;
  end $$;)sql";

// Makes a view of each table with its rows as texts, whose ids are those of copy 0. Left out are
// stamps, and what only some sources tell.
constexpr const char* view_rows = R"sql(
  do $$
  declare t record; v text := '';
  begin
    for t in
      select c.relname,
             string_agg(case when a.atttypid = 'bigint'::regtype and (a.attname = 'id' or a.attname like '%\_id')
                             then format('%I %% 1000000000000', a.attname) else format('%I', a.attname) end, ', ' order by a.attnum) as columns,
             case c.relname when 'user' then 'id' when 'repository' then 'id' when 'requested_reviewer' then 'pull_request_id' else 'repository_id' end as owner,
             bool_or(a.attname = 'deleted_at') as has_end
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where c.relnamespace = 'github'::regnamespace
         and c.relname in ('user', 'repository', 'label', 'milestone', 'issue', 'pull_request', 'issue_comment',
                           'issue_label', 'assignee', 'requested_reviewer')
         and a.attname not like 'last\_replicated%' and a.attname not like '%last\_scanned\_at' and a.attname not like 'files\_%'
         and a.attname not like 'closed\_by%'
         -- A label has no time but that of whoever told it; users and repositories are nested.
         and not (c.relname in ('user', 'label') and a.attname = 'github_at')
         and not (c.relname in ('repository', 'user') and a.attname = 'is_settled')
         and not (c.relname = 'repository' and a.attname in ('is_mirrored', 'installation'))
       group by c.relname
    loop
      v := v || case when v = '' then '' else ' union all ' end
        || format('select %L as relation, %I / 1000000000000 as copy, row(%s)::text as row from github.%I', t.relname, t.owner, t.columns, t.relname)
        || case when t.has_end then ' where deleted_at is null' else '' end;
    end loop;
    execute 'create view public.plain_row as ' || v;
  end $$;)sql";

constexpr const char* select_differences = R"sql(
  with rows as materialized (
    select r.relation, r.copy, r.row from public.plain_row r
  ), expected as materialized (select relation, row from rows where copy = 0
  ), copies as (select generate_series(1, :copies) as copy)
  select 'copy ' || r.copy || ' has of ' || r.relation || ': ' || r.row from rows r
   where r.copy > 0 and r.relation not in ('user', 'repository')
     and not exists (select from expected e where e.relation = r.relation and e.row = r.row)
  union all
  select 'copy ' || c.copy || ' lacks of ' || e.relation || ': ' || e.row
    from copies c cross join expected e
    left join rows r on r.copy = c.copy and r.relation = e.relation and r.row = e.row
   where r.row is null
  union all
  select 'copy ' || i.id / 1000000000000 || ' says that issue ' || i.number || ' was closed by ' || i.closed_by_login
    from github.issue i join github.issue z on z.id = i.id % 1000000000000
   where i.id >= 1000000000000 and i.deleted_at is null and i.closed_by_login is not null
     and i.closed_by_login is distinct from z.closed_by_login
  limit 10)sql";

}  // namespace

MirrorCopies::MirrorCopies(const testing::TestDatabase& database)
    : database_(database), connection_(pg::Connection::open(database.conninfo(), {}, "test")) {
  database_.execute(watch_rows);
  database_.execute(view_rows);
}

void MirrorCopies::clear() {
  documents_.clear();
  issues_.clear();
  database_.execute(
      "truncate github.\"user\", github.repository, github.label, github.milestone, github.issue, "
      "github.pull_request, github.issue_comment, github.issue_label, github.assignee, "
      "github.requested_reviewer, github.change");
}

MirrorCopies::Documents MirrorCopies::documents_of(const records::Records& records,
                                                   const ApplyOptions& options) {
  Documents documents;
  for (const auto relation : records::relations)
    for (const auto* record : records.of(relation))
      documents.push_back(
          {relation,
           cut_at_copies(sent_document(moved(*record, offset_of(any_copy)), options).compact())});
  return documents;
}

const MirrorCopies::Documents& MirrorCopies::issue_of(const Told& told, std::int64_t id) {
  const auto [found, is_new] = issues_.try_emplace(&told);
  if (is_new) {
    records::Records issue;
    for (const auto* pull : told.records.of(Relation::pull_request))
      issue.add(records::issue_of_pull(*pull, id));
    found->second = documents_of(issue, told.options);
  }
  return found->second;
}

void MirrorCopies::send(const Told& told, std::span<const int> copies) {
  const auto [documents, is_new] = documents_.try_emplace(&told);
  if (is_new) documents->second = documents_of(told.records, told.options);
  std::map<int, const Documents*> issues;
  if (told.options.via == records::Via::webhook && told.options.main == Relation::pull_request) {
    std::vector<std::string> repositories;
    std::int64_t number = 0;
    for (const auto* pull : told.records.of(Relation::pull_request)) {
      number = pull->links.number;
      for (const auto copy : copies)
        repositories.push_back(std::to_string(pull->links.repository_id + offset_of(copy)));
    }
    for (const auto row : connection_.query(select_issues, pg::Params(repositories, number)))
      issues[static_cast<int>(row.integer("copy"))] = &issue_of(told, row.integer("id"));
  }
  std::map<Relation, std::string> arrays;
  const auto add = [&](const Documents& all, int copy) {
    for (const auto& document : all) {
      auto& array = arrays[document.relation];
      array += array.empty() ? '[' : ',';
      append_for(copy, document.pieces, array);
    }
  };
  for (const auto copy : copies) {
    add(documents->second, copy);
    if (const auto issue = issues.find(copy); issue != issues.end()) add(*issue->second, copy);
  }
  if (arrays.empty()) return;
  std::string text;
  for (const auto& [relation, array] : arrays)
    text.append(text.empty() ? "{\"" : ",\"")
        .append(records::to_string(relation))
        .append("\":")
        .append(array)
        .append("]");
  connection_.execute(
      apply_copies,
      pg::Params(text + "}", told.options.via == records::Via::api ? "api" : "webhook",
                 base::format_rfc3339(told.options.at), records::to_string(told.options.main)));
}

void MirrorCopies::tell(const Told& told, std::span<const int> copies) {
  pg::Transaction transaction(connection_);
  send(told, copies);
  for (const auto& told_end : told.ends) {
    for (const auto copy : copies) {
      auto end = told_end;
      end.id += offset_of(copy);
      if (end.repository_id) *end.repository_id += offset_of(copy);
      static_cast<void>(end_row(connection_, end, {}));
    }
  }
  transaction.commit();
}

void MirrorCopies::sweep(const History& history, int copies) {
  const auto since = base::format_rfc3339(history.lists_asked_at);
  const auto repository = std::to_string(history.repository_id);
  for (const auto* list : {"labels", "milestones", "issues", "pulls", "comments"}) {
    const auto unseen = database_.rows(
        "select u.o_id from generate_series(0, " + std::to_string(copies) +
        ") c cross join lateral "
        "devy.mirror_unseen('" +
        std::string(list) + "', " + repository + " + c * 1000000000000, '" + since + "') u");
    for (const auto& row : unseen) {
      RowEnd end;
      end.list = list;
      end.id = std::stoll(row);
      end.reason = "gone";
      end.at = history.lists_asked_at;
      static_cast<void>(end_row(connection_, end, {}));
    }
  }
  std::map<std::int64_t, std::vector<int>> behind;
  for (const auto& row :
       database_.rows("select id from github.pull_request where deleted_at is null "
                      "and (detail_at is null or detail_at < github_at)"))
    behind[std::stoll(row) % ids_apart].push_back(static_cast<int>(std::stoll(row) / ids_apart));
  for (const auto& pull : history.pulls)
    for (const auto* record : pull.records.of(Relation::pull_request))
      if (const auto found = behind.find(record->id); found != behind.end())
        tell(pull, found->second);
}

std::vector<std::string> MirrorCopies::differences(int copies) const {
  std::string sql = select_differences;
  const std::string placeholder = ":copies";
  sql.replace(sql.find(placeholder), placeholder.size(), std::to_string(copies));
  return database_.rows(sql);
}

}  // namespace interleavings_test
}  // namespace devy::mirror
