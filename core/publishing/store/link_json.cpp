#include "core/publishing/store/link_json.hpp"

#include "core/platform/json/json.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::publishing {
namespace {

using json::Json;
using markdown::FileLink;

// This reads what to_json() wrote: nine values for each link of a post.
constexpr json::Format format{.name = "a post's links",
                              .bytes_max = std::size_t{256} * 1024 * 1024,
                              .values_max = 10'000'000,
                              .kind = base::ErrorKind::internal};

}  // namespace

std::optional<std::string> to_json(const plan::PostLinks& links) {
  if (links.empty()) return std::nullopt;
  auto object = Json::object();
  if (links.cover)
    object.set("cover", Json::array({links.cover->target, links.cover->url, links.cover->is_rooted,
                                     links.cover->line, links.cover->column}));
  auto places = Json::array();
  for (const auto& [link, url] : links.links) {
    auto place = Json::array({link.offset, link.use == FileLink::Use::page ? "page" : "file",
                              link.target, link.line, link.column, url});
    if (!link.fragment.empty() || link.is_rooted) place.push(link.fragment).push(link.is_rooted);
    places.push(std::move(place));
  }
  object.set("links", std::move(places));
  if (!links.taken_out.empty()) {
    auto list = Json::array();
    for (const auto& attribute : links.taken_out)
      list.push(Json::array({attribute.offset, attribute.text}));
    object.set("taken_out", std::move(list));
  }
  return object.compact();
}

plan::PostLinks post_links_from_json(std::string_view text) {
  const auto object = json::parse(text, format);
  plan::PostLinks links;
  for (const auto& item : object.items("links")) {
    links.links.push_back(
        {{item.integer<std::uint32_t>("0"),
          item.text("1") == "page" ? FileLink::Use::page : FileLink::Use::resource, item.text("2"),
          item.integer<std::uint32_t>("3"), item.integer<std::uint32_t>("4")},
         item.maybe_text("5")});
    links.links.back().link.fragment = item.maybe_text("6").value_or("");
    links.links.back().link.is_rooted = item.maybe_boolean("7").value_or(false);
  }
  for (const auto& item : object.maybe_items("taken_out"))
    links.taken_out.push_back({item.integer<std::uint32_t>("0"), item.text("1")});
  if (const auto cover = object.find("cover"))
    links.cover = plan::Cover{cover->text("0"), cover->maybe_text("1"),
                              cover->maybe_boolean("2").value_or(false),
                              static_cast<std::uint32_t>(cover->maybe_integer("3").value_or(0)),
                              static_cast<std::uint32_t>(cover->maybe_integer("4").value_or(0))};
  return links;
}

}  // namespace devy::publishing
