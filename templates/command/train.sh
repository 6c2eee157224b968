#!/bin/sh
# Any program is an objective: it prints lines of JSON, and may save checkpoints. Put your own in its place.
rate=$1 start=$2 budget=$3 checkpoint=$4

x=5 # the value that is trained
if [ "$start" -gt 1 ]; then x=$(cat "$checkpoint/$((start - 1))/x"); fi

step=$start
while [ "$step" -le "$budget" ]; do
  x=$(awk "BEGIN { print $x - $rate * 2 * $x }")
  mkdir -p "$checkpoint/$step"
  echo "$x" > "$checkpoint/$step/x"
  echo "{\"checkpoint\": $step}"
  awk "BEGIN { printf \"{\\\"step\\\": $step, \\\"loss\\\": %.10g}\\n\", $x * $x }"
  step=$((step + 1))
done
