#pragma once
// The pages that the site renders from: one function a page, from a session and a parsed request to
// a whole response (web.md, "Reading: what the site renders from"). Visible posts alone; HTML is
// given as stored, which was sanitised when it was stored. It knows no
// server: the role `web` maps its routes to these functions
// (daemon/web/publishing_api_reading.hpp).
//
// Each page is one statement, so that all of it is of one moment: what was committed before the
// call is in it. A request with an If-None-Match costs one cheap statement before it, which reads
// no post; where it matches, that is all, and the answer is 304.
//
// The statuses:
//   200  the page · 304 what the client has is right
//   301  an old slug or an alias, with Location and {"moved_to", "slug"}
//   404  unknown, or not visible: drafts, posts of the future, expired ones; always the same bytes
//   410  the blog was disconnected
// A 200 and a 304 have an ETag, which changes with the blog's head, when a post appears or expires,
// and with the renderer's version. Readers of any origin may read (CORS `*`).
//
// Functions may be called by any thread, each with a session of its own. They throw what
// pg::Connection throws. Columns that they read stand in core/publishing/store/reading_store.hpp.

#include <optional>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/http/message.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/publishing/store/reading_store.hpp"

namespace devy::reading {

struct Condition {
  std::string_view if_none_match;  // the header as sent; empty: there is none
  // The time at which visibility is decided; empty: the database's own, which is the authority.
  // Tests set it.
  std::optional<base::TimePoint> now = {};
};

// The parts of a path, decoded from percent-encoding. They may hold anything: what cannot be the
// name of a blog or a post is 404.
struct BlogAddress {
  std::string username, slug;
};

// A blog's name, description, head, number of posts, and tags with the number of posts of each (the
// most frequent tags_max of them):
//   {username slug name description url head updated_at posts tags[{tag posts}]}
[[nodiscard]] http::Response read_blog(pg::Connection& connection, const BlogAddress& blog,
                                       const Condition& condition);

// The newest posts first; of one date, by their slugs as people count (2 before 10):
//   {posts[{slug title summary date updated tags authors cover lang reading_minutes url}] cursor}
// `date` and `updated` are a day ("2026-01-02") where the author wrote no time, else a moment.
// `url` is the page's, root-relative. `cursor` continues the list as `before`; null: nothing
// follows. Filters are exact, but for capitals of `lang`.
[[nodiscard]] http::Response read_posts(pg::Connection& connection, const BlogAddress& blog,
                                        const publishing::PostFilter& filter,
                                        const Condition& condition);

enum class Format { json, markdown };

struct PostRequest {
  std::string slug;  // a slug, an old one, or an alias in any written form
  Format format = Format::json;
  // Empty: none. The token of a post that is not visible (post.preview_token) shows it, marked as
  // not to be stored and not to be found by search engines.
  std::string preview = {};
};

// One post: as in the list, and {html toc title_id front_matter canonical previous next}.
// `previous` is the next older post and `next` the next newer one, {slug title url} or null. As
// Markdown it is the author's text without its front matter.
[[nodiscard]] http::Response read_post(pg::Connection& connection, const BlogAddress& blog,
                                       const PostRequest& request, const Condition& condition);

// The newest posts as Atom, and all as a sitemap (core/publishing/preview). `site_url` is the
// origin of the blogs' pages, without a slash at its end: the setting site.url.
[[nodiscard]] http::Response read_feed(pg::Connection& connection, const BlogAddress& blog,
                                       std::string_view site_url, const Condition& condition);
[[nodiscard]] http::Response read_sitemap(pg::Connection& connection, const BlogAddress& blog,
                                          std::string_view site_url, const Condition& condition);

// A file that a post of a connected blog shows or links, found by its SHA-256 (64 lower-case
// hexadecimal digits). The name is for people who save it, and is not looked at. Immutable. Its
// type follows from its bytes; whatever is no picture, sound, film or plain text is an attachment,
// and nothing in it runs (files.md, "Content").
[[nodiscard]] http::Response read_asset(pg::Connection& connection, std::string_view sha256,
                                        const Condition& condition);

// The answer for a request that cannot be understood: 400 {"error", "message", "hint"}.
[[nodiscard]] http::Response malformed(std::string_view message, std::string_view hint);
// The answer for all that is not there, and for all that may not be seen.
[[nodiscard]] http::Response not_found();

}  // namespace devy::reading
