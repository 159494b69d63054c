"""Shadow: measures how much evidence each challenger has gathered against its champion."""
