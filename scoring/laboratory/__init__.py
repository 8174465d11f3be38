"""Laboratory results by HL7 v2: bytes, then a message, then results with reasons. No Django models.

``framing`` takes messages out of a stream of bytes, ``charset`` decodes one, ``message`` takes it
apart, ``reading`` says what it holds for the model's predictors, ``acknowledgement`` answers it.
"""
