{{%AUTOESCAPE context="HTML"}}{{!
Entries of a log, oldest first, within <ol class="log">; also the answer to ?after=<seq>, which stands in the place
of the last entry, the one that asks.
  ENTRY             section, repeated: ENTRY_UTC ENTRY_AT (set_exact_clock), include ENTRY_TEXT: part_sentence, and
    GAP             section: entries before it are left out: GAP_WORDS GAP_URL GAP_LINK_WORDS
  LIVE              section: more may come: AFTER_URL POLL_SECONDS
}}
{{#ENTRY}}
{{#GAP}}
<li><span class="soft">{{GAP_WORDS}}</span><a href="{{GAP_URL}}">{{GAP_LINK_WORDS}}</a></li>
{{/GAP}}
<li><time datetime="{{ENTRY_UTC}}">{{ENTRY_AT}}</time><span>{{>ENTRY_TEXT}}</span></li>
{{/ENTRY}}
{{#LIVE}}
<li hidden hx-get="{{AFTER_URL}}" hx-trigger="every {{POLL_SECONDS}}s" hx-swap="outerHTML"></li>
{{/LIVE}}
