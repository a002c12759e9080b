"""What is seen in a picture: motion, faces; what a detector is. Pictures go in, findings come out.

Nothing here knows where a picture comes from: processes that look at live or at recorded pictures use it alike.
"""
