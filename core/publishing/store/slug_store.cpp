#include "core/publishing/store/slug_store.hpp"

#include "core/publishing/markdown/plain_text.hpp"
#include "core/publishing/post/slug.hpp"

namespace devy::publishing {
namespace {

// The first of the keys that can be a permalink counts, so they come in that order.
constexpr pg::Statement select_slug_words{"select_slug_words", R"sql(
  select p.path, lower(w.key) as key, w.value #>> '{}' as value
  from post p
  cross join lateral jsonb_each(p.front_matter) w
  where p.blog_id = $1::uuid and p.path = any ($2::text[]) and p.slug_basis is null
    and jsonb_typeof(w.value) in ('string', 'number')
    and lower(w.key) in ('slug', 'permalink', 'url', 'path')
  order by p.path, array_position(array['slug', 'permalink', 'url', 'path'], lower(w.key)))sql"};

}  // namespace

std::unordered_map<std::string, SlugWords> slug_words(pg::Connection& connection,
                                                      const base::BlogId& blog,
                                                      const std::vector<std::string>& paths) {
  std::unordered_map<std::string, SlugWords> result;
  for (const auto row : connection.query(select_slug_words, pg::Params(blog.text(), paths))) {
    auto& words = result[row.text("path")];
    const auto key = row.text("key");
    auto value = markdown::plain_text(row.text("value"));
    if (value.empty()) continue;
    if (key == "slug") words.slug = std::move(value);
    else if (!words.permalink && post::is_permalink(key, value)) words.permalink = std::move(value);
  }
  return result;
}

}  // namespace devy::publishing
