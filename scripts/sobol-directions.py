"""Makes src/numerics/sobol-directions.ts: direction numbers of the first 256 dimensions, from SciPy's own table.

Run: python3 scripts/sobol-directions.py && npx prettier --write src/numerics/sobol-directions.ts
Made with Python 3.11.7, NumPy 2.4.6 and SciPy 1.17.1, whose table is new-joe-kuo-6.21201 of Joe & Kuo.
"""

from pathlib import Path

import numpy
import scipy.stats

DIMENSIONS = 256
NOTICE = """
The direction numbers new-joe-kuo-6 of https://web.maths.unsw.edu.au/~fkuo/sobol/, under this licence:

Copyright (c) 2008, Frances Y. Kuo and Stephen Joe
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
following conditions are met:

    * Redistributions of source code must retain the above copyright notice, this list of conditions and the
      following disclaimer.

    * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the
      following disclaimer in the documentation and/or other materials provided with the distribution.

    * Neither the names of the copyright holders nor the names of the University of New South Wales and the
      University of Waikato and its contributors may be used to endorse or promote products derived from this
      software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS ``AS IS'' AND ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT
NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO
EVENT SHALL THE COPYRIGHT HOLDERS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR
CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA,
OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT
LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF
ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""

table = numpy.load(Path(scipy.stats.__file__).with_name("_sobol_direction_numbers.npz"))
polynomials = [int(p) for p in table["poly"][:DIMENSIONS]]
degrees = [p.bit_length() - 1 for p in polynomials]
initial = [int(m) for row, degree in zip(table["vinit"], degrees) for m in row[:degree]]


def array(name, comment, numbers):
    return f"\n/** {comment} */\nexport const {name}: readonly number[] = [\n{', '.join(map(str, numbers))},\n];\n"


text = "/*\n * Made by scripts/sobol-directions.py, which says how.\n *"
text += "".join(f" * {line}".rstrip() + "\n" for line in NOTICE.strip().splitlines()).join(["\n", " */\n"])
text += array("POLYNOMIALS", "One primitive polynomial over GF(2) per dimension, as bits; the first dimension has none.", polynomials)
text += array("INITIAL", "m₁ … mₛ of each dimension, one after another, where s is the degree of its polynomial.", initial)
Path(__file__).parents[1].joinpath("src/numerics/sobol-directions.ts").write_text(text)
