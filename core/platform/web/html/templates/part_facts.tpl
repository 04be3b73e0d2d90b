{{%AUTOESCAPE context="HTML"}}{{!
Names and what they are; html::Facts fills it. It stands in <dl class="kv">.
}}
{{#FACT}}
<dt>{{FACT_NAME}}</dt>{{#SENTENCE}}<dd>{{>FACT_TEXT}}</dd>{{/SENTENCE}}{{#WHOLE_ID}}<dd class="id">{{ID}}</dd>{{/WHOLE_ID}}
{{/FACT}}
